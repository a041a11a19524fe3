/// The arithmetic of a batch under construction. It owns no memory: what it decides, its callers
/// write into memory that they grow, or were given.
///
/// Each record goes through two steps. ``frame`` decides whether the record may come next and how
/// long it is; then the caller makes room; then ``store`` writes it. Nothing changes in between,
/// so a caller without room can turn back.
struct BatchEncoder {
  /// What the header says of the records so far.
  private var header: BatchHeader
  /// The last record's, or -1.
  private var lastOffsetDelta: Int32 = -1
  private let maximumOffsetDelta: Int64
  private let options: Fixed

  /// What the options say of fields that otherwise follow from the records.
  private struct Fixed {
    var hasHorizon: Bool
    var hasAppendTime: Bool
    var hasLastOffset: Bool
  }

  init(_ options: BatchOptions) throws(LogError) {
    try options.check()
    header = BatchHeader(ofNoRecords: options)
    maximumOffsetDelta = options.maximumOffsetDelta
    self.options = Fixed(
      hasHorizon: options.deleteHorizon != nil, hasAppendTime: options.appendTime != nil,
      hasLastOffset: options.lastOffset != nil)
  }

  var recordCount: Int { Int(header.recordCount) }

  /// Whether the records have offsets without a gap.
  var isContiguous: Bool { header.recordCount == lastOffsetDelta &+ 1 }

  /// Writes a header for a batch that is about to be built in so much room: whatever is found of it
  /// before it is complete, that far it may reach.
  func announce(in base: UnsafeMutableRawPointer, byteCount: Int) {
    var announced = header
    announced.byteCount = byteCount
    announced.lastOffsetDelta = 0
    // SAFETY: the caller has room for a header.
    unsafe announced.store(to: base)
  }

  /// Bytes of the batch so far, header included.
  var byteCount: Int { header.byteCount }

  // MARK: Records

  /// Decides how the next record is written, or why it cannot be.
  ///
  /// - Parameter offset: The record's offset; nil for the one behind the record before it.
  @inline(__always)
  func frame(
    keyCount: Int, valueCount: Int, headers: borrowing some HeaderSource & ~Escapable,
    timestamp: Timestamp, offset: Offset?
  ) throws(LogError) -> RecordFrame {
    let delta = try nextOffsetDelta(for: offset)
    guard timestamp.isStorable else {
      throw LogError(
        .invalidArgument, "a record's timestamp is \(timestamp.rawValue), neither a time nor -1")
    }
    let base = isFirst ? timestamp : header.baseTimestamp
    // The parts are each below 2⁶², so their sum cannot overflow before it is compared.
    let frame = RecordFrame(
      timestampDelta: timestamp.rawValue &- base.rawValue, offsetDelta: delta,
      keyCount: keyCount, valueCount: valueCount,
      headerCount: headers.headerCount, headersByteCount: headers.encodedByteCount)
    guard frame.byteCount <= FormatLimits.maximumBatchByteCount &- byteCount else {
      throw LogError(
        .invalidArgument,
        "a record of \(frame.byteCount) bytes does not fit into a batch of \(byteCount)")
    }
    return frame
  }

  /// Writes the record of this frame behind the ones before it.
  ///
  /// `memory` is that of the whole batch, with room for the frame's bytes behind ``byteCount``.
  @inline(__always)
  mutating func store(
    _ frame: RecordFrame, key: RawSpan?, value: RawSpan?,
    headers: borrowing some HeaderSource & ~Escapable, timestamp: Timestamp,
    to memory: UnsafeMutableRawPointer
  ) {
    // SAFETY: the caller made room for what the frame counted.
    let place = unsafe frame.store(key: key, value: value, to: memory + byteCount)
    unsafe headers.store(to: place)
    if isFirst { header.baseTimestamp = timestamp }
    if !options.hasAppendTime { header.maxTimestamp = max(header.maxTimestamp, timestamp) }
    lastOffsetDelta = frame.offsetDelta
    header.recordCount &+= 1
    header.byteCount &+= frame.byteCount
  }

  /// Whether the base timestamp is still to be taken from the first record.
  @inline(__always)
  private var isFirst: Bool { header.recordCount == 0 && !options.hasHorizon }

  @inline(__always)
  private func nextOffsetDelta(for offset: Offset?) throws(LogError) -> Int32 {
    let delta: Int64
    if let offset {
      delta = offset.rawValue &- header.baseOffset.rawValue
    } else {
      delta = Int64(lastOffsetDelta) + 1
    }
    guard delta > Int64(lastOffsetDelta), delta <= maximumOffsetDelta else {
      throw LogError(
        .invalidArgument,
        "a record's offset is \(delta) from the batch's first one, the last was "
          + "\(lastOffsetDelta)")
    }
    return Int32(delta)
  }

  // MARK: The header

  /// What the header says, but for the checksum.
  var finalHeader: BatchHeader {
    var header = header
    header.lastOffsetDelta =
      options.hasLastOffset ? Int32(truncatingIfNeeded: maximumOffsetDelta) : lastOffsetDelta
    return header
  }

  /// Completes the batch by its header, and returns that.
  func finish(in memory: UnsafeMutableRawPointer) -> BatchHeader {
    var header = finalHeader
    // SAFETY: the caller made room for every byte that was counted.
    unsafe header.seal(in: memory)
    return header
  }
}

extension BatchHeader {
  /// A header that waits for records.
  init(ofNoRecords options: BatchOptions) {
    self.init(
      baseOffset: options.baseOffset, byteCount: FormatLimits.batchHeaderByteCount,
      leaderEpoch: options.leaderEpoch, attributes: options.attributes, lastOffsetDelta: -1,
      baseTimestamp: options.deleteHorizon ?? .none, maxTimestamp: options.appendTime ?? .none,
      rawProducer: options.producer ?? .none, baseSequence: options.baseSequence, recordCount: 0)
  }

  /// Writes the header before records that are in place, and the checksum over both.
  mutating func seal(in memory: UnsafeMutableRawPointer) {
    // SAFETY: the memory holds `byteCount` bytes, at least those of a header.
    unsafe store(to: memory)
    let covered = unsafe UnsafeRawBufferPointer(
      start: memory + Self.checksummedFrom, count: byteCount - Self.checksummedFrom)
    checksum = unsafe CRC32C.checksum(of: covered)
    unsafe memory.storeBigEndian(checksum, at: Field.checksum)
  }
}
