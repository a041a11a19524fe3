/// The flags in a batch's header.
///
/// Kafka reads the low byte and writes 0 in the high one; so does Varve.
public struct BatchAttributes: RawRepresentable, Hashable, Sendable {
  /// The flags as they stand in the header.
  public var rawValue: Int16

  /// Wraps flags as they stand in a header.
  @inlinable
  public init(rawValue: Int16) { self.rawValue = rawValue }

  static let codecMask: Int16 = 0x07
  static let appendTimeFlag: Int16 = 0x08
  static let transactionalFlag: Int16 = 0x10
  static let controlFlag: Int16 = 0x20
  static let deleteHorizonFlag: Int16 = 0x40

  /// The codec's number, which may be one that there is not.
  var codecNumber: UInt8 { UInt8(truncatingIfNeeded: rawValue & Self.codecMask) }

  /// How the records are compressed; nil for the numbers 5 to 7, which no batch may have.
  public var codec: CompressionCodec? { CompressionCodec(rawValue: codecNumber) }

  /// Whose clock the timestamps come from.
  public var timestampType: TimestampType {
    get { has(Self.appendTimeFlag) ? .appendTime : .createTime }
    set { set(Self.appendTimeFlag, newValue == .appendTime) }
  }

  /// Whether the records belong to a transaction.
  public var isTransactional: Bool {
    get { has(Self.transactionalFlag) }
    set { set(Self.transactionalFlag, newValue) }
  }

  /// Whether the records speak to readers of the log and not to its users.
  public var isControl: Bool {
    get { has(Self.controlFlag) }
    set { set(Self.controlFlag, newValue) }
  }

  /// Whether the base timestamp holds a delete horizon.
  public var hasDeleteHorizon: Bool {
    get { has(Self.deleteHorizonFlag) }
    set { set(Self.deleteHorizonFlag, newValue) }
  }

  /// Sets the codec.
  mutating func setCodec(_ codec: CompressionCodec) {
    rawValue = rawValue & ~Self.codecMask | Int16(codec.rawValue)
  }

  private func has(_ flag: Int16) -> Bool { rawValue & flag != 0 }

  private mutating func set(_ flag: Int16, _ isOn: Bool) {
    if isOn { rawValue |= flag } else { rawValue &= ~flag }
  }
}
