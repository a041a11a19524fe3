import Testing

@testable import VarveFormat

/// What is compressed comes out again, whatever it is.
@Suite struct StreamRoundTripTests {
  @Test(arguments: Compression.samples)
  func whatGoesInComesOut(_ compression: Compression) throws {
    var compressor = try Compressor(compression)
    var decompressor = Decompressor()
    for length in Content.lengths {
      for bytes in [Content.text(length), Content.noise(length), Content.zeros(length)] {
        let stream = Array(try compressor.compress(bytes.span.bytes))
        let out = try decompressor.copy(of: stream, compression.codec)
        #expect(out == bytes, "\(length) bytes")
      }
    }
  }

  @Test(arguments: Compression.samples, UInt64(0)..<10)
  func mixtures(_ compression: Compression, _ seed: UInt64) throws {
    let bytes = Content.mixture(seed: seed)
    let stream = try Compressor.stream(of: bytes, compression)
    let out = try Decompressor.copy(of: stream, compression.codec)
    #expect(out == bytes)
  }

  /// One context for all: a stream does not depend on those before it.
  @Test(arguments: Compression.samples)
  func streamsDoNotDependOnTheirPredecessors(_ compression: Compression) throws {
    var compressor = try Compressor(compression)
    for seed: UInt64 in 0..<10 {
      let bytes = Content.mixture(seed: seed)
      let fresh = try Compressor.stream(of: bytes, compression)
      let reused = Array(try compressor.compress(bytes.span.bytes))
      #expect(reused == fresh)
    }
  }

  /// After a stream that was refused, the next one is read as ever.
  @Test(arguments: CompressionCodec.builtIn)
  func aRefusalLeavesNothingBehind(_ codec: CompressionCodec) throws {
    let bytes = Content.text(100_000)
    let stream = try Compressor.stream(of: bytes, Compression(codec))
    var decompressor = Decompressor(maximumByteCount: bytes.count)
    for seed: UInt64 in 0..<20 {
      var random = SplitMix(seed: seed)
      var broken = stream
      let place = Int.random(in: 0..<stream.count, using: &random)
      broken[place] ^= UInt8.random(in: 1...255, using: &random)
      if let refusal = error({ try decompressor.copy(of: broken, codec) }) {
        #expect([.corrupt, .full].contains(refusal.code), "\(refusal)")
      }
      #expect(try decompressor.copy(of: stream, codec) == bytes)
    }
  }

  @Test func withoutACodecBytesStayAsTheyAre() throws {
    let bytes = Content.text(1000)
    #expect(try Compressor.stream(of: bytes, .none) == bytes)
    #expect(try Decompressor.copy(of: bytes, .none) == bytes)
    #expect(error { try Decompressor.copy(of: bytes, .none, atMost: 999) }?.code == .full)
  }
}
