import Testing

@testable import VarveFormat

extension CompressionCodec {
  /// Those that compress and are built in.
  static let builtIn: [CompressionCodec] = allCases.filter { $0 != .none && $0.isBuiltIn }
  /// Those that are not.
  static let absent: [CompressionCodec] = allCases.filter { !$0.isBuiltIn }
}

extension Compression {
  /// Each codec that is built in, at levels from end to end.
  static let samples: [Compression] = [
    .gzip, try? .gzip(level: 1), try? .gzip(level: 9), .snappy,
    .lz4, try? .lz4(level: 1), try? .lz4(level: 12), try? .lz4(level: 17),
    .zstd, try? .zstd(level: -131_072), try? .zstd(level: 1), try? .zstd(level: 12),
  ].compactMap { $0 }.filter(\.codec.isBuiltIn)
}

extension Compressor {
  /// A copy of what becomes of bytes.
  static func stream(of bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
    var compressor = try Compressor(compression)
    return Array(try compressor.compress(bytes.span.bytes))
  }
}

extension Decompressor {
  /// A copy of what comes out of a stream.
  mutating func copy(of stream: [UInt8], _ codec: CompressionCodec) throws -> [UInt8] {
    Array(try decompress(stream.span.bytes, codec))
  }

  /// The same, by one that is made for it.
  static func copy(
    of stream: [UInt8], _ codec: CompressionCodec, atMost limit: Int = defaultMaximumByteCount
  ) throws -> [UInt8] {
    var decompressor = Decompressor(maximumByteCount: limit)
    return try decompressor.copy(of: stream, codec)
  }
}

/// Bytes of many kinds, with lengths around those at which blocks end.
enum Content {
  static let lengths = [
    0, 1, 2, 15, 16, 17, 255, 4095, 4096, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537,
    131_072, 200_001,
  ]

  /// Words from a small stock, as logs are full of.
  static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SplitMix(seed: seed)
    var bytes: [UInt8] = []
    while bytes.count < count {
      bytes += Array("user-\(Int.random(in: 0..<50, using: &random)) paid ".utf8)
    }
    return Array(bytes.prefix(count))
  }

  /// What no codec makes smaller.
  static func noise(_ count: Int, seed: UInt64 = 2) -> [UInt8] {
    var random = SplitMix(seed: seed)
    return random.bytes(count)
  }

  static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

  /// Pieces of all three.
  static func mixture(seed: UInt64) -> [UInt8] {
    var random = SplitMix(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let count = Int.random(in: 0...1 << Int.random(in: 0...16, using: &random), using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes += text(count, seed: random.next())
      case 1: bytes += noise(count, seed: random.next())
      default: bytes += zeros(count)
      }
    }
    return bytes
  }
}
