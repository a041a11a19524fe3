// The way of whoever goes through a log: for each batch all that ``BatchHeader/init(parsing:at:)``,
// ``BatchView/checkIntegrity()`` and ``BatchChain/append(_:)`` ask, in one go.
//
// A small batch's checksum takes as long as a few loads that have to wait: a header that is returned,
// and copied in pieces wider than those in which it was written, makes three such waits. So the header
// stays where it is, nothing is called but the checksum, and what is not as it nearly always is goes
// the long way, which says why.

extension BatchHeader {
  /// Of no batch: to be read into.
  package static var unread: BatchHeader {
    BatchHeader(
      baseOffset: 0, byteCount: 0, leaderEpoch: .none, attributes: BatchAttributes(rawValue: 0),
      lastOffsetDelta: 0, baseTimestamp: .none, maxTimestamp: .none,
      rawProducer: .none, baseSequence: .none, recordCount: 0)
  }
}

extension BatchChain {
  /// Takes the batch at `position` into the chain, once its bytes have been compared with its checksum
  /// and its header with the rules; `header` is its header then.
  ///
  /// - Returns: False where not all of the batch is there. How many bytes it has, `header` says.
  package mutating func take(
    _ bytes: RawSpan, at position: Int, _ header: inout BatchHeader
  ) throws(LogError) -> Bool {
    guard position >= 0, position <= bytes.byteCount - FormatLimits.batchHeaderByteCount,
      isNext(bytes.slice(position, count: bytes.byteCount &- position), &header)
    else { return try takeClosely(bytes, at: position, &header) }
    goOn(behind: header)
    return true
  }

  /// Whether all is as it should be; false says nothing.
  @inline(__always)
  private func isNext(_ bytes: RawSpan, _ header: inout BatchHeader) -> Bool {
    let fields = bytes.slice(0, count: FormatLimits.batchHeaderByteCount)
    header = BatchHeader(fields: fields)
    guard fields.bigEndian(at: BatchHeader.Field.magic, as: Int8.self) == BatchHeader.magic,
      header.byteCount >= FormatLimits.batchHeaderByteCount, header.byteCount <= bytes.byteCount,
      header.baseOffset.rawValue == nextOffset.rawValue
        || continuity == .gapsAllowed && header.baseOffset > nextOffset,
      header.lastOffsetDelta >= 0,
      header.baseOffset.rawValue < Int64.max - Int64(header.lastOffsetDelta),
      header.leaderEpoch == .none || header.leaderEpoch >= leaderEpoch,
      header.attributes.isUsual, header.recordCount >= 0,
      Int64(header.recordCount) <= Int64(header.lastOffsetDelta) + 1
    else { return false }
    let start = BatchHeader.checksummedFrom
    return CRC32C.checksum(of: bytes.slice(start, count: header.byteCount &- start))
      == header.checksum
  }

  /// The same, and why not.
  @inline(never)
  private mutating func takeClosely(
    _ bytes: RawSpan, at position: Int, _ header: inout BatchHeader
  ) throws(LogError) -> Bool {
    header = try BatchHeader(parsing: bytes, at: position)
    guard header.byteCount <= bytes.byteCount - position else { return false }
    try BatchView(trusted: bytes.slice(position, count: header.byteCount)).checkIntegrity(header)
    try append(header)
    return true
  }
}

extension BatchAttributes {
  /// Whether the batch is a user's, with a codec that there is.
  @inline(__always)
  fileprivate var isUsual: Bool {
    rawValue & Self.controlFlag == 0 && codecNumber <= CompressionCodec.zstd.rawValue
  }
}
