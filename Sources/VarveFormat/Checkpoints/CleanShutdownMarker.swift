/// What stands in `.kafka_cleanshutdown`, which says by being there that a log directory was left in
/// order.
public struct CleanShutdownMarker: Hashable, Sendable {
  /// In which of its lives the broker left it; nil if that is not known.
  public var brokerEpoch: Int64?

  /// A marker.
  public init(brokerEpoch: Int64? = nil) { self.brokerEpoch = brokerEpoch }
}

extension CleanShutdownMarker {
  /// The most that is looked at: Kafka writes a fortieth.
  public static let maximumByteCount = 4096

  /// Reads a marker. Older ones are empty, and of what cannot be understood the epoch is unknown: it
  /// is by being there that the marker counts.
  public init(parsing bytes: RawSpan) {
    guard bytes.byteCount <= Self.maximumByteCount else { return }
    var reader = JSONReader(bytes)
    brokerEpoch = reader.integers()?["brokerEpoch"].flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The text's bytes, as Kafka writes them.
  public var encoded: [UInt8] {
    Array(#"{"version":0,"brokerEpoch":\#(brokerEpoch ?? -1)}"#.utf8)
  }
}
