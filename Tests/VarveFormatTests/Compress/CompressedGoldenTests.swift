#if LZ4
  import Testing

  @testable import VarveFormat

  /// A compressed batch that Kafka's own tests know.
  @Suite struct CompressedGoldenTests {
    /// The two records of the first golden vector: the checksum is a constant of Kafka's.
    @Test func twoRecordsInLZ4() throws {
      var compressor = try Compressor(.lz4)
      let plain = try RecordBatch(validating: GoldenVectorTests.twoRecords, as: .producer)
      let batch = try compressor.compress(plain)
      #expect(batch.header.checksum == 2_745_969_314)
      #expect(try batch.records().map(Record.init(copying:)) == plain.records().map(Record.init))
    }
  }
#endif
