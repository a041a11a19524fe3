import Testing

@testable import VarveFormat

/// Compressed records are held to the rules of uncompressed ones.
@Suite struct CompressedValidationTests {
  /// Each rule about records is broken inside of a batch, which is then compressed.
  @Test(arguments: CompressionCodec.builtIn, FormatRule.allCases)
  func rulesHoldInside(_ codec: CompressionCodec, rule: FormatRule) throws {
    guard let broken = try BrokenBatch(rule), broken.byte >= BatchHeader.Field.records,
      rule != .compressedStream
    else { return }
    let bytes = try broken.bytes.compressed(Compression(codec))
    let expected = FormatBreach(rule, atByte: broken.byte, inRecord: broken.record)

    let refusal = error { try RecordBatch(validating: bytes, as: .producer) }
    switch rule {
    // One record where the header has two offsets, which no producer sends.
    case .varint: #expect(refusal?.breach?.rule == .producedRecordCount)
    // The producers' rule is stricter, and broken at the same place.
    case .offsetDelta:
      let place = FormatBreach(.producedOffsetDelta, atByte: broken.byte, inRecord: broken.record)
      #expect(refusal?.breach == place)
    default: #expect(refusal?.breach == expected)
    }
    guard !rule.bindsProducersOnly else { return }

    // A log is looked into when it is read.
    let batch = try RecordBatch(validating: bytes, as: .log)
    #expect(error { try batch.records() }?.breach == expected)
    #expect(error { try batch.view.records.count }?.breach == expected)
    var decompressor = Decompressor()
    #expect(error { try decompressor.records(of: batch.view).count }?.breach == expected)
  }

  @Test(arguments: CompressionCodec.builtIn)
  func goodBatchesPass(_ codec: CompressionCodec) throws {
    let bytes = try RecordBatch.small().array.compressed(Compression(codec))
    let batch = try RecordBatch(validating: bytes, as: .producer)
    #expect(try batch.records().map { Record(copying: $0).value?.count } == [7, 7])
  }

  /// The header's count is that of the records inside, neither more nor fewer.
  @Test(arguments: CompressionCodec.builtIn, [Int32(1), 3])
  func countsAreCompared(_ codec: CompressionCodec, count: Int32) throws {
    typealias Field = BatchHeader.Field
    let bytes = try RecordBatch.small().array.compressed(Compression(codec))
      .replacing(Field.recordCount, with: bigEndian(count))
      .replacing(Field.lastOffsetDelta, with: bigEndian(count - 1))
    let rule = error { try RecordBatch(validating: bytes, as: .producer) }?.breach?.rule
    #expect(rule == (count == 1 ? .batchIsFilled : .recordIsComplete))
  }

  /// A stream that ends early, at each of its bytes: refused by name, at a byte of the batch.
  @Test(arguments: CompressionCodec.builtIn)
  func cutStreamsAreRefused(_ codec: CompressionCodec) throws {
    let bytes = try RecordBatch.small().array.compressed(Compression(codec))
    for end in BatchHeader.Field.records..<bytes.count {
      let cut = bytes.withRecords(Array(bytes[BatchHeader.Field.records..<end]))
      let refusal = error { try RecordBatch(validating: cut, as: .producer) }
      // Where xerial's blocks end, the stream may, and then records are missing.
      let rules: Set<FormatRule> =
        codec == .snappy ? [.compressedStream, .recordIsComplete] : [.compressedStream]
      #expect(rules.contains(try #require(refusal?.breach?.rule)), "\(end)")
      #expect((61...cut.count).contains(try #require(refusal?.breach).byte))
    }
  }

  /// Any one byte changed, with a checksum that is right: never a trap, and never other records.
  @Test(arguments: CompressionCodec.builtIn)
  func changedStreamsAreRefusedOrRead(_ codec: CompressionCodec) throws {
    let bytes = try RecordBatch.small().array.compressed(Compression(codec))
    for place in BatchHeader.Field.records..<bytes.count {
      for flip: UInt8 in [1, 0x80, 0xff] {
        let changed = bytes.replacing(place, with: [bytes[place] ^ flip])
        if let refusal = error({ try RecordBatch(validating: changed, as: .producer) }) {
          #expect([.corrupt, .full, .invalidArgument].contains(refusal.code), "\(refusal)")
        }
      }
    }
  }
}

extension [UInt8] {
  /// A batch with its records compressed, whatever they are.
  func compressed(_ compression: Compression) throws -> [UInt8] {
    let records = Array(self[BatchHeader.Field.records...])
    return replacing(BatchHeader.Field.attributes + 1, with: [flags | compression.codec.rawValue])
      .withRecords(try Compressor.stream(of: records, compression))
  }

  private var flags: UInt8 { self[BatchHeader.Field.attributes + 1] }
}
