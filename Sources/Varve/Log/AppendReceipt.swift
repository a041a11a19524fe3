/// What an append returns: where the records are.
public struct AppendReceipt: Hashable, Sendable {
  /// The offset of the first record.
  public let baseOffset: Offset
  /// The offset behind the last record.
  public let nextOffset: Offset
  /// The greatest time of the records.
  public let timestamp: Timestamp

  /// The offset of the last record, which is the first one's where there is but one.
  public var lastOffset: Offset { Offset(rawValue: nextOffset.rawValue &- 1) }
  /// The offset of the record, where there is but one.
  public var offset: Offset { baseOffset }

  @inline(__always)
  init(baseOffset: Offset, nextOffset: Offset, timestamp: Timestamp) {
    self.baseOffset = baseOffset
    self.nextOffset = nextOffset
    self.timestamp = timestamp
  }
}
