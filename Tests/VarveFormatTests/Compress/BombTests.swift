import Testing

@testable import VarveFormat

/// Streams out of which more comes than anyone wants.
@Suite struct BombTests {
  private static let limit = 1 << 20

  /// 32 MiB out of some thousand bytes: refused at the limit, and with no more memory than that.
  @Test(arguments: CompressionCodec.builtIn)
  func bombsAreRefused(_ codec: CompressionCodec) throws {
    let bomb = try Compressor.stream(of: Content.zeros(32 << 20), Compression(codec))
    var decompressor = Decompressor(maximumByteCount: Self.limit)
    let refusal = try #require(error { try decompressor.copy(of: bomb, codec) })
    #expect(refusal.code == .full)
    #expect(refusal.message.contains("\(Self.limit)"))
    // A block of lz4 or snappy may be there beyond it.
    #expect(decompressor.output.capacity <= Self.limit + 64 << 10)
    #expect(try Decompressor.copy(of: bomb, codec).count == 32 << 20)
  }

  /// To the byte: as much as the limit comes out, and not one more.
  @Test(arguments: CompressionCodec.builtIn, [0, 1, 511, 512, 513, 1024, 65_536, 100_000])
  func theLimitIsExact(_ codec: CompressionCodec, limit: Int) throws {
    for bytes in [Content.zeros(limit), Content.text(limit), Content.noise(limit)] {
      let stream = try Compressor.stream(of: bytes, Compression(codec))
      #expect(try Decompressor.copy(of: stream, codec, atMost: limit) == bytes)
      let more = try Compressor.stream(of: bytes + [1], Compression(codec))
      #expect(error { try Decompressor.copy(of: more, codec, atMost: limit) }?.code == .full)
    }
  }

  /// In a batch, too, whose error says so without a rule: it is not broken.
  @Test(arguments: CompressionCodec.builtIn)
  func batchesAreBounded(_ codec: CompressionCodec) throws {
    var compressor = try Compressor(Compression(codec))
    let large = try RecordBatch.of([Record(value: Content.zeros(1 << 20))])
    let batch = try compressor.compress(large)
    var decompressor = Decompressor(maximumByteCount: 1 << 20)
    let refusal = error { try decompressor.records(of: batch.view).count }
    #expect(refusal?.code == .full && refusal?.breach == nil)
    #expect(error { try validate(batch.array, using: &decompressor) }?.code == .full)
    #expect(try batch.records().count == 1)
  }

  private func validate(
    _ bytes: [UInt8], using decompressor: inout Decompressor
  ) throws -> Int {
    try BatchView(validating: bytes.span.bytes, as: .producer, using: &decompressor).bytes.byteCount
  }

  /// Small batches use their memory again, and after a large one only so much is kept.
  @Test(arguments: CompressionCodec.builtIn)
  func memoryIsUsedAgain(_ codec: CompressionCodec) throws {
    var decompressor = Decompressor()
    let small = try Compressor.stream(of: Content.text(20_000), Compression(codec))
    let large = try Compressor.stream(of: Content.zeros(9 << 20), Compression(codec))
    _ = try decompressor.copy(of: small, codec)
    let place = decompressor.output.bytes.baseAddress
    for _ in 0..<3 { _ = try decompressor.copy(of: small, codec) }
    #expect(decompressor.output.bytes.baseAddress == place)
    _ = try decompressor.copy(of: large, codec)
    #expect(decompressor.output.capacity >= 9 << 20)
    _ = try decompressor.copy(of: small, codec)
    _ = try decompressor.copy(of: small, codec)
    #expect(decompressor.output.capacity <= 4 << 20)
  }
}
