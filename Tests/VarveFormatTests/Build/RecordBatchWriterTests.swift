import Testing

@testable import VarveFormat

@Suite struct RecordBatchWriterTests {
  private static let records = [
    Record(key: "key", value: "value", timestamp: Timestamp(milliseconds: 1000)),
    Record(
      key: nil, value: nil, headers: [RecordHeader(key: "h", value: nil)],
      timestamp: Timestamp(milliseconds: 7)),
  ]

  private struct Outcome {
    var recordCount = 0
    var byteCount = 0
    /// What kept the next record out, or the batch as a whole.
    var refusal: LogError?
  }

  /// Writes as many of the records as fit into the first `size` bytes.
  private func write(into memory: inout [UInt8], size: Int) -> Outcome {
    var outcome = Outcome()
    do throws(LogError) {
      var whole = memory.mutableSpan
      var bytes = whole.mutableBytes
      var writer = try RecordBatchWriter(into: bytes._mutatingExtracting(first: size))
      do throws(LogError) {
        for record in Self.records { try writer.append(record) }
      } catch {
        outcome.refusal = error
      }
      outcome.recordCount = writer.recordCount
      outcome.byteCount = writer.finish()
    } catch {
      outcome.refusal = error
    }
    return outcome
  }

  /// In memory of any size the batch has the records that fit, and nothing behind it is touched.
  @Test func memoryOfEverySizeIsEnoughOrFull() throws {
    let batches = try (1...2).map { try RecordBatch.of(Array(Self.records[..<$0])).array }
    let rest = [UInt8](repeating: 0xaa, count: 32)
    for size in 0...batches[1].count {
      let fitting = batches.last { $0.count <= size }
      let untouched = [UInt8](repeating: 0xaa, count: size - (fitting?.count ?? 0)) + rest
      var memory = [UInt8](repeating: 0xaa, count: size) + rest
      let outcome = write(into: &memory, size: size)
      #expect(outcome.recordCount == batches.count { $0.count <= size })
      #expect(outcome.byteCount == fitting?.count ?? 0)
      #expect(outcome.refusal?.code == (fitting == batches[1] ? nil : .full))
      #expect(memory == (fitting ?? []) + untouched, "in \(size) bytes")
    }
  }

  @Test func withoutRecordsNothingIsWritten() throws {
    var memory = [UInt8](repeating: 0xaa, count: 61)
    let byteCount = try writeNothing(into: &memory)
    #expect(byteCount == 0)
    #expect(memory == [UInt8](repeating: 0xaa, count: 61))
  }

  private func writeNothing(into memory: inout [UInt8]) throws -> Int {
    var whole = memory.mutableSpan
    let writer = try RecordBatchWriter(into: whole.mutableBytes)
    return writer.finish()
  }

  @Test(arguments: RecordBatchBuilderTests.impossibleOptions)
  func impossibleOptionsAreRefused(
    _ impossible: RecordBatchBuilderTests.ImpossibleOptions
  ) {
    var memory = [UInt8](repeating: 0xaa, count: 61)
    let refusal = error {
      var whole = memory.mutableSpan
      _ = try RecordBatchWriter(into: whole.mutableBytes, impossible.options)
    }
    #expect(refusal?.code == .invalidArgument)
  }

  /// What is wrong with a record comes before whether there is room for it.
  @Test func impossibleRecordsAreRefused() throws {
    var memory = [UInt8](repeating: 0xaa, count: 61)
    let refusal = error {
      var whole = memory.mutableSpan
      var writer = try RecordBatchWriter(into: whole.mutableBytes)
      try writer.append(key: nil, value: nil, timestamp: Timestamp(rawValue: -2))
    }
    #expect(refusal?.code == .invalidArgument)
  }
}
