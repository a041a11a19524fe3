/// Reads the records of messages of before format version 2.
///
///     var walk = LegacyMessageWalk(bytes)
///     let reader = LegacyMessageReader()
///     while let message = try walk.next() {
///       try reader.forEachRecord(of: message) { record in … }
///     }
public struct LegacyMessageReader: Sendable {
  /// What the messages within a compressed one may take.
  public let maximumByteCount: Int

  private let decompressor: any MessageDecompressor

  /// A hundred times what Kafka lets a message be by default.
  public static let defaultMaximumByteCount = 100 << 20

  /// A reader that unpacks so many bytes at the most.
  public init(maximumByteCount: Int = LegacyMessageReader.defaultMaximumByteCount) {
    self.init(maximumByteCount: maximumByteCount, BuiltInDecompressor())
  }

  package init(
    maximumByteCount: Int = LegacyMessageReader.defaultMaximumByteCount,
    _ decompressor: any MessageDecompressor
  ) {
    self.maximumByteCount = maximumByteCount
    self.decompressor = decompressor
  }
}

extension LegacyMessageReader {
  /// Hands each record of a message to `body`, once all of them have been found right.
  ///
  /// - Throws: What `body` throws; ``LogError/Code/corrupt`` with the rule and the byte, within the
  ///   message, or within what was compressed in it; ``LogError/Code/unsupported`` for a codec that is
  ///   not built in.
  public func forEachRecord(
    of message: borrowing LegacyMessageView,
    _ body: (borrowing LegacyRecordView) throws(LogError) -> Void
  ) throws(LogError) {
    let content = try message.content()
    guard let codec = message.codec, codec != .none else {
      return try body(
        LegacyRecordView(
          message, content, offset: message.offset, timestamp: message.timestamp,
          message.timestampType))
    }
    guard let value = content.value else {
      throw .breach(.messageSet, atByte: message.format.keyPosition, "it has no value")
    }
    let bytes = try decompressor.decompress(
      message.bytes.slice(value.lowerBound, count: value.count), codec,
      ignoresHeaderChecksum: message.format == .version0, limit: maximumByteCount)
    try unsafe LegacyMessageSet(bytes.span.bytes, in: message).forEachRecord(body)
  }

  /// All records of a message, copied out.
  public func records(
    of message: borrowing LegacyMessageView
  ) throws(LogError) -> [LegacyRecord] {
    var records: [LegacyRecord] = []
    try forEachRecord(of: message) { records.append(LegacyRecord(copying: $0)) }
    return records
  }

  /// The first record of a message that is not before an offset, if there is one.
  public func firstRecord(
    of message: borrowing LegacyMessageView, from offset: Offset
  ) throws(LogError) -> LegacyRecord? {
    try firstRecord(of: message) { $0.offset >= offset }
  }

  /// The first record of a message that is as new as `timestamp`, and not before an offset.
  public func firstRecord(
    of message: borrowing LegacyMessageView, at timestamp: Timestamp, from offset: Offset
  ) throws(LogError) -> LegacyRecord? {
    try firstRecord(of: message) { $0.timestamp >= timestamp && $0.offset >= offset }
  }

  private func firstRecord(
    of message: borrowing LegacyMessageView,
    where isMeant: (borrowing LegacyRecordView) -> Bool
  ) throws(LogError) -> LegacyRecord? {
    var found: LegacyRecord?
    try forEachRecord(of: message) { record throws(LogError) in
      if found == nil, isMeant(record) { found = LegacyRecord(copying: record) }
    }
    return found
  }
}
