import Testing

@testable import VarveFormat

/// Codecs, levels, and which of them there are.
@Suite struct CompressionTests {
  @Test(arguments: CompressionCodec.allCases)
  func defaultsAreKafkas(_ codec: CompressionCodec) throws {
    let levels: [CompressionCodec: Int] = [.gzip: -1, .lz4: 9, .zstd: 3]
    let compression = try Compression(codec)
    #expect(compression.level == levels[codec])
    #expect(compression == (try Compression(codec, level: codec.defaultLevel)))
    #expect(compression.codec == codec)
  }

  @Test func levelsHaveBounds() throws {
    let good: [(CompressionCodec, Int)] = [
      (.gzip, -1), (.gzip, 1), (.gzip, 9), (.lz4, 1), (.lz4, 17), (.zstd, -131_072), (.zstd, 22),
    ]
    for (codec, level) in good { #expect(try Compression(codec, level: level).level == level) }
    let bad: [(CompressionCodec, Int)] = [
      (.none, 1), (.gzip, -2), (.gzip, 0), (.gzip, 10), (.snappy, 1), (.lz4, 0), (.lz4, 18),
      (.zstd, -131_073), (.zstd, 23), (.zstd, .max), (.gzip, .min),
    ]
    for (codec, level) in bad {
      #expect(error { try Compression(codec, level: level) }?.code == .invalidArgument)
    }
  }

  /// Whoever asks for what is not built in is told which trait adds it, in each direction.
  @Test(arguments: CompressionCodec.absent)
  func absentCodecsSaySo(_ codec: CompressionCodec) throws {
    let trait = try #require(codec.traitName)
    let writing = try #require(error { try Compressor.stream(of: [1], Compression(codec)) })
    let reading = try #require(error { try Decompressor.copy(of: [1], codec) })
    for error in [writing, reading] {
      #expect(error.code == .unsupported)
      #expect(error.message.contains(codec.description) && error.message.contains(trait))
    }
    // A producer's batch that cannot be looked into is not taken; a log's is.
    let bytes = try RecordBatch.small().array.replacing(22, with: [codec.rawValue])
    #expect(error { try RecordBatch(validating: bytes, as: .producer) }?.code == .unsupported)
    #expect(try RecordBatch(validating: bytes, as: .log).header.codec == codec)
  }

  @Test func traitsDecide() {
    var expected: Set<CompressionCodec> = [.none]
    #if Gzip
      expected.insert(.gzip)
    #endif
    #if Snappy
      expected.insert(.snappy)
    #endif
    #if LZ4
      expected.insert(.lz4)
    #endif
    #if Zstd
      expected.insert(.zstd)
    #endif
    #expect(Set(CompressionCodec.allCases.filter(\.isBuiltIn)) == expected)
  }

  /// What readers would not let come out is not put in.
  @Test func moreThanReadersTakeIsRefused() throws {
    var compressor = try Compressor(.none)
    let limit = Decompressor.defaultMaximumByteCount
    let much = [UInt8](repeating: 0, count: limit + 1)
    let refusal = error { try compressor.compress(much.span.bytes).byteCount }
    #expect(refusal?.code == .invalidArgument)
  }
}
