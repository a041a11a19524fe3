import Testing

@testable import VarveFormat

/// Random batches, written in each way that there is and read in each way that there is.
@Suite struct RoundTripTests {
  @Test(arguments: UInt64(0)..<60)
  func whatIsBuiltIsRead(seed: UInt64) throws {
    let plan = BatchPlan(seed: seed)
    let built = try plan.build()
    let read = try RecordBatch(validating: built.array, as: .log)
    #expect(read.header == built.header)
    #expect(read.array == built.array)
    #expect(try read.ownedEntries() == plan.expected)
    #expect(try read.borrowedEntries() == plan.expected)
    // The builder's own batch was never checked, and must not need it.
    #expect(try built.ownedEntries() == plan.expected)
  }

  @Test(arguments: UInt64(100)..<160)
  func theWriterWritesWhatTheBuilderBuilds(seed: UInt64) throws {
    let plan = BatchPlan(seed: seed)
    let built = try plan.build().array
    let rest = [UInt8](repeating: 0xaa, count: 64)
    var memory = [UInt8](repeating: 0xaa, count: built.count) + rest
    let byteCount = try write(plan, into: &memory)
    #expect(byteCount == built.count)
    #expect(memory == built + rest)
  }

  private func write(_ plan: BatchPlan, into memory: inout [UInt8]) throws -> Int {
    var whole = memory.mutableSpan
    var writer = try RecordBatchWriter(into: whole.mutableBytes, plan.options)
    for entry in plan.entries { try writer.append(entry.record, offset: entry.offset) }
    return writer.finish()
  }

  @Test(arguments: UInt64(200)..<220)
  func copiedRecordsMakeTheSameBatch(seed: UInt64) throws {
    let original = try BatchPlan(seed: seed).build()
    let copy = try copyRecords(of: original)
    #expect(try copy.ownedEntries() == original.ownedEntries())
    if original.header.timestampType == .createTime {
      #expect(copy == original)
    } else {
      // The times that the records had before the log's clock are gone, and nothing else is.
      var header = copy.header
      header.baseTimestamp = original.header.baseTimestamp
      header.byteCount = original.header.byteCount
      header.checksum = original.header.checksum
      #expect(header == original.header)
    }
  }

  private func copyRecords(of batch: RecordBatch) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(BatchOptions(rewriting: batch.header))
    var records = try batch.view.records.makeIterator()
    while let record = records.next() {
      try builder.append(copying: record, offset: record.offset)
    }
    let finished = builder.finish()
    return try #require(finished)
  }
}
