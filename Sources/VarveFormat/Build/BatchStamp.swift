/// What a log writes into a producer's batch when it takes it in.
///
/// Offset and epoch lie outside the checksum. Times lie inside, and there the checksum is not
/// computed anew but patched: a CRC is linear, so what a few changed bytes do to it follows from
/// them and from how many bytes come after.
public struct BatchStamp: Hashable, Sendable {
  /// What happens to the batch's times.
  public enum Time: Hashable, Sendable {
    /// They stay as they are.
    case keep
    /// Each record keeps its own; this is the greatest of them.
    case create(maximum: Timestamp)
    /// All records get this one, from the log's clock.
    case append(Timestamp)
  }

  /// The offset of the batch's first record; nil to keep it.
  public var baseOffset: Offset?
  /// The reign of the leader that takes the batch in; nil to keep it.
  public var leaderEpoch: LeaderEpoch?
  /// What happens to the batch's times.
  public var time: Time

  /// A stamp.
  public init(
    baseOffset: Offset? = nil, leaderEpoch: LeaderEpoch? = nil, time: Time = .keep
  ) {
    self.baseOffset = baseOffset
    self.leaderEpoch = leaderEpoch
    self.time = time
  }
}

extension BatchStamp {
  /// Stamps the batch that fills these bytes, whose header has been read before.
  public func stamp(_ bytes: inout MutableRawSpan, header: BatchHeader) throws(LogError) {
    try check(header)
    // A header is written whole, so there must be room for one, whatever it says itself.
    guard bytes.byteCount == header.byteCount,
      bytes.byteCount >= FormatLimits.batchHeaderByteCount
    else {
      throw LogError(
        .invalidArgument,
        "the header is of a batch of \(header.byteCount) bytes, there are \(bytes.byteCount)")
    }
    // SAFETY: the memory is a batch's, all of it, and is used within the closure alone.
    unsafe bytes.withUnsafeMutableBytes { _ = unsafe apply(to: $0, header: header) }
  }

  /// Refuses a stamp that would make an illegal batch.
  func check(_ header: BatchHeader) throws(LogError) {
    if let baseOffset {
      guard baseOffset.rawValue >= 0,
        baseOffset.rawValue < Int64.max - Int64(header.lastOffsetDelta)
      else {
        throw LogError(
          .invalidArgument, "a batch of \(header.lastOffsetDelta) + 1 offsets at \(baseOffset)")
      }
    }
    switch time {
    case .keep: return
    case .create(let timestamp), .append(let timestamp):
      guard timestamp.isStorable else {
        throw LogError(.invalidArgument, "a batch cannot carry \(timestamp)")
      }
    }
  }

  /// Writes the stamp over the header and returns what the header says now.
  ///
  /// - Parameters:
  ///   - memory: A whole batch, and no more.
  ///   - header: What its header says so far; the stamp has been checked against it.
  package func apply(
    to memory: UnsafeMutableRawBufferPointer, header: BatchHeader
  ) -> BatchHeader {
    var header = header
    if let baseOffset { header.baseOffset = baseOffset }
    if let leaderEpoch { header.leaderEpoch = leaderEpoch }
    // SAFETY: a batch is at least its header long, and the patch lies within the header.
    let base = unsafe memory.baseAddress.unsafelyUnwrapped
    guard setTime(of: &header) else {
      unsafe header.store(to: base)
      return header
    }
    let timeFields = BatchHeader.Field.attributes..<BatchHeader.Field.producerID
    let patched = unsafe UnsafeRawBufferPointer(rebasing: memory[timeFields])
    unsafe withUnsafeTemporaryAllocation(byteCount: timeFields.count, alignment: 1) { old in
      unsafe old.copyMemory(from: patched)
      unsafe header.store(to: base)
      header.checksum = CRC32C.patch(
        header.checksum, replacing: unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(old)),
        with: unsafe RawSpan(_unsafeBytes: patched),
        countAfter: header.byteCount - timeFields.upperBound)
    }
    unsafe base.storeBigEndian(header.checksum, at: BatchHeader.Field.checksum)
    return header
  }

  /// Sets the fields of time, and says whether that changed what the checksum covers.
  private func setTime(of header: inout BatchHeader) -> Bool {
    let old = header
    switch time {
    case .keep: return false
    case .create(let maximum):
      header.attributes.timestampType = .createTime
      header.maxTimestamp = maximum
    case .append(let now):
      header.attributes.timestampType = .appendTime
      header.maxTimestamp = now
    }
    return header != old
  }
}
