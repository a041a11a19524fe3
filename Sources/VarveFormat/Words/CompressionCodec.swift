/// How a batch's records are compressed, all together as one stream.
public enum CompressionCodec: UInt8, CaseIterable, Sendable, Hashable {
  /// Not at all.
  case none = 0
  /// RFC 1952.
  case gzip = 1
  /// Raw snappy blocks in xerial's framing.
  case snappy = 2
  /// The LZ4 frame format.
  case lz4 = 3
  /// The Zstandard frame format.
  case zstd = 4
}

extension CompressionCodec {
  /// The package trait that adds this codec's C library, or nil for ``none``.
  public var traitName: String? {
    switch self {
    case .none: nil
    case .gzip: "Gzip"
    case .snappy: "Snappy"
    case .lz4: "LZ4"
    case .zstd: "Zstd"
    }
  }
}

extension CompressionCodec: CustomStringConvertible {
  /// The name that Kafka's configuration gives it.
  public var description: String {
    switch self {
    case .none: "none"
    case .gzip: "gzip"
    case .snappy: "snappy"
    case .lz4: "lz4"
    case .zstd: "zstd"
    }
  }
}
