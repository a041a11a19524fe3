import Testing

@testable import VarveFormat

/// Batches that are compressed: built in each way that there is, and read in each way that there is.
@Suite struct CompressedBatchTests {
  @Test(arguments: CompressionCodec.builtIn, UInt64(0)..<15)
  func whatIsBuiltIsRead(_ codec: CompressionCodec, seed: UInt64) throws {
    let plan = BatchPlan(seed: seed)
    let plain = try plan.build()
    var compressor = try Compressor(Compression(codec))
    let built = try plan.build(compressedBy: &compressor)
    #expect(built.header.codec == codec)
    #expect(built.header.isSame(as: plain.header, codec: codec))
    let read = try RecordBatch(validating: built.array, as: .log)
    #expect(read == built)
    var decompressor = Decompressor()
    for batch in [built, read] {
      #expect(try batch.ownedEntries() == plan.expected)
      #expect(try batch.borrowedEntries() == plan.expected)
      #expect(try entries(of: batch, &decompressor) == plan.expected)
      #expect(try decompressor.decompress(batch) == plain)
    }
    #expect(try compressor.compress(plain) == built)
    #expect(try decompressor.decompress(plain) == plain)
    #expect(error { try compressor.compress(built) }?.code == .invalidArgument)
  }

  private func entries(
    of batch: RecordBatch, _ decompressor: inout Decompressor
  ) throws -> [BatchPlan.Entry] {
    var entries: [BatchPlan.Entry] = []
    try decompressor.records(of: batch.view).forEach {
      entries.append(BatchPlan.Entry(offset: $0.offset, record: Record(copying: $0)))
    }
    return entries
  }

  /// The writer writes what the builder builds, and nothing behind it.
  @Test(arguments: CompressionCodec.builtIn, UInt64(100)..<110)
  func theWriterWritesWhatTheBuilderBuilds(_ codec: CompressionCodec, seed: UInt64) throws {
    let plan = BatchPlan(seed: seed)
    var compressor = try Compressor(Compression(codec))
    let built = try plan.build(compressedBy: &compressor).array
    // The records pass through the memory before they are compressed.
    var memory = [UInt8](repeating: 0xaa, count: max(built.count, try plan.build().byteCount))
    let count = try write(plan, into: &memory, &compressor)
    #expect(Array(memory.prefix(count)) == built)
  }

  private func write(
    _ plan: BatchPlan, into memory: inout [UInt8], _ compressor: inout Compressor
  ) throws -> Int {
    var whole = memory.mutableSpan
    var writer = try RecordBatchWriter(into: whole.mutableBytes, plan.options)
    for entry in plan.entries { try writer.append(entry.record, offset: entry.offset) }
    return try writer.finish(compressedBy: &compressor)
  }

  /// What doesn't become smaller may not fit where it did before.
  @Test(arguments: CompressionCodec.builtIn)
  func aWriterWithoutRoomSaysSo(_ codec: CompressionCodec) throws {
    let record = Record(value: Content.noise(100))
    var memory = [UInt8](repeating: 0, count: try RecordBatch.of([record]).byteCount)
    var compressor = try Compressor(Compression(codec))
    let refusal = error { try fill(&memory, record, &compressor) }
    #expect(refusal?.code == .full)
  }

  private func fill(
    _ memory: inout [UInt8], _ record: Record, _ compressor: inout Compressor
  ) throws -> Int {
    var whole = memory.mutableSpan
    var writer = try RecordBatchWriter(into: whole.mutableBytes)
    try writer.append(record)
    return try writer.finish(compressedBy: &compressor)
  }

  /// Kafka compresses neither markers nor what compaction emptied, nor is there a batch of nothing.
  @Test(arguments: CompressionCodec.builtIn)
  func someBatchesStayPlain(_ codec: CompressionCodec) throws {
    var compressor = try Compressor(Compression(codec))
    let marker = try RecordBatch(
      EndTransactionMarker(.committed, coordinatorEpoch: 1), by: Producer(id: 1, epoch: 0),
      at: Timestamp(milliseconds: 5))
    #expect(try compressor.compress(marker) == marker)
    let emptied = RecordBatch(emptied: try RecordBatch.small().header)
    #expect(try compressor.compress(emptied) == emptied)

    var options = BatchOptions()
    options.isControl = true
    var control = try RecordBatchBuilder(options)
    try control.append(Record(key: marker.array, value: nil))
    let finished = try control.finish(compressedBy: &compressor)
    #expect(try #require(finished).header.codec == .none)
    let nothing = try RecordBatchBuilder()
    let none = try nothing.finish(compressedBy: &compressor)
    #expect(none == nil)
  }

  /// A log's marks lie in the header, whatever the records are.
  @Test(arguments: CompressionCodec.builtIn)
  func stampsLeaveTheRecordsAlone(_ codec: CompressionCodec) throws {
    var compressor = try Compressor(Compression(codec))
    var batch = try compressor.compress(RecordBatch.small())
    let now = Timestamp(milliseconds: 77_000)
    try batch.stamp(BatchStamp(baseOffset: 900, leaderEpoch: 3, time: .append(now)))
    let read = try RecordBatch(validating: batch.array, as: .log)
    let records = try read.records().map { ($0.offset, $0.timestamp) }
    #expect(records.map(\.0) == [900, 901])
    #expect(records.map(\.1) == [now, now])
  }
}

extension BatchPlan {
  fileprivate func build(compressedBy compressor: inout Compressor) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for entry in entries { try builder.append(entry.record, offset: entry.offset) }
    let finished = try builder.finish(compressedBy: &compressor)
    return try #require(finished)
  }
}

extension BatchHeader {
  /// Whether the headers say the same, but for codec, size and checksum.
  fileprivate func isSame(as plain: BatchHeader, codec: CompressionCodec) -> Bool {
    var header = plain
    header.byteCount = byteCount
    header.checksum = checksum
    header.attributes.setCodec(codec)
    return header == self
  }
}
