/// How a batch is to be compressed: by which codec, and how hard that tries.
///
/// ```swift
/// var compressor = try Compressor(.zstd)
/// let batch = try builder.finish(compressedBy: &compressor)
/// ```
///
/// A level is a matter of time and size, never of who can read it.
public struct Compression: Hashable, Sendable {
  /// By which codec.
  public let codec: CompressionCodec

  /// How hard it tries; nil for codecs that know no levels.
  public let level: Int?

  /// A codec at a level.
  ///
  /// - Parameters:
  ///   - codec: By which codec.
  ///   - level: One of ``CompressionCodec/levels``, or nil for the codec's default.
  /// - Throws: ``LogError/Code/invalidArgument`` for a level that the codec does not have.
  public init(_ codec: CompressionCodec, level: Int? = nil) throws(LogError) {
    self.init(atDefaultLevel: codec)
    guard let level, level != self.level else { return }
    guard let levels = codec.levels else {
      throw LogError(.invalidArgument, "\(codec) has no levels, so not level \(level)")
    }
    guard levels.contains(level) else {
      throw LogError(
        .invalidArgument,
        "\(codec) has the levels \(levels.lowerBound) to \(levels.upperBound), and not \(level)")
    }
    self = Compression(codec, known: level)
  }

  private init(atDefaultLevel codec: CompressionCodec) {
    self.init(codec, known: codec.defaultLevel)
  }

  private init(_ codec: CompressionCodec, known level: Int?) {
    self.codec = codec
    self.level = level
  }
}

extension Compression {
  /// Not at all.
  public static let none = Compression(atDefaultLevel: .none)
  /// gzip, at zlib's default level.
  public static let gzip = Compression(atDefaultLevel: .gzip)
  /// snappy, which knows no levels.
  public static let snappy = Compression(atDefaultLevel: .snappy)
  /// lz4, fast.
  public static let lz4 = Compression(atDefaultLevel: .lz4)
  /// zstd, at its default level.
  public static let zstd = Compression(atDefaultLevel: .zstd)

  /// gzip at a level from 1, fast, to 9, small.
  public static func gzip(level: Int) throws(LogError) -> Compression {
    try Compression(.gzip, level: level)
  }

  /// lz4 at a level from 1 to 17, as Kafka counts them: 9 is the fast compressor, the others are
  /// the slow one's.
  public static func lz4(level: Int) throws(LogError) -> Compression {
    try Compression(.lz4, level: level)
  }

  /// zstd at a level from -131072, fast, to 22, small.
  public static func zstd(level: Int) throws(LogError) -> Compression {
    try Compression(.zstd, level: level)
  }
}

extension CompressionCodec {
  /// The levels that Kafka's configuration allows; nil for codecs without any.
  public var levels: ClosedRange<Int>? {
    switch self {
    case .none, .snappy: nil
    case .gzip: 1...9
    case .lz4: 1...17
    case .zstd: -131_072...22
    }
  }

  /// The level that Kafka takes where none is given.
  ///
  /// gzip's is -1, which says that zlib is to choose.
  public var defaultLevel: Int? {
    switch self {
    case .none, .snappy: nil
    case .gzip: -1
    case .lz4: 9
    case .zstd: 3
    }
  }
}

extension Compression: CustomStringConvertible {
  /// The codec and its level.
  public var description: String {
    level.map { "\(codec) at level \($0)" } ?? codec.description
  }
}
