/// What an append returns: where the records are.
public struct AppendReceipt: Hashable, Sendable {
  /// The offset of the first record.
  public let baseOffset: Offset
  /// The offset behind the last record.
  public let nextOffset: Offset
  /// The greatest time of the records.
  public let timestamp: Timestamp
  /// What is known of the records: that they are published, or that they are durable.
  public let durability: Durability
  /// Whether the records were there already: an idempotent producer sent them again, and this is
  /// where they lie.
  public let isDuplicate: Bool

  /// The offset of the last record, which is the first one's where there is but one.
  public var lastOffset: Offset { Offset(rawValue: nextOffset.rawValue &- 1) }
  /// The offset of the record, where there is but one.
  public var offset: Offset { baseOffset }

  @inline(__always)
  init(
    baseOffset: Offset, nextOffset: Offset, timestamp: Timestamp,
    durability: Durability = .published, isDuplicate: Bool = false
  ) {
    self.baseOffset = baseOffset
    self.nextOffset = nextOffset
    self.timestamp = timestamp
    self.durability = durability
    self.isDuplicate = isDuplicate
  }

  /// The same records, once they are on the device.
  var whenDurable: AppendReceipt {
    AppendReceipt(
      baseOffset: baseOffset, nextOffset: nextOffset, timestamp: timestamp, durability: .durable,
      isDuplicate: isDuplicate)
  }
}
