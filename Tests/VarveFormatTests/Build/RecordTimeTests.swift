import Testing

@testable import VarveFormat

/// Which times the header gets, and which ones a reader sees.
@Suite struct RecordTimeTests {
  private func records(at times: [Int64]) -> [Record] {
    times.map { Record(value: "a", timestamp: Timestamp(milliseconds: $0)) }
  }

  private func times(in batch: RecordBatch) throws -> [Int64] {
    try batch.records().map(\.timestamp.rawValue)
  }

  @Test(arguments: [-2, .min] as [Int64])
  func timesBeforeNoneAreRefused(_ time: Int64) throws {
    var builder = try RecordBatchBuilder()
    try builder.append(Record(value: "a"))
    let byteCount = builder.byteCount
    let refusal = error {
      try builder.append(Record(value: "b", timestamp: Timestamp(milliseconds: time)))
    }
    #expect(refusal?.code == .invalidArgument)
    #expect(builder.byteCount == byteCount)
    #expect(builder.recordCount == 1)
  }

  /// From -1 to the last time of all is further than 63 bits; the delta wraps, there and back.
  @Test(
    arguments: [
      [.max, -1, 0], [.max, 0, -1], [-1, .max, 0], [-1, 0, .max], [0, .max, -1], [0, -1, .max],
    ] as [[Int64]])
  func timesFarApartShareABatch(_ times: [Int64]) throws {
    let batch = try RecordBatch.of(records(at: times))
    #expect(batch.header.baseTimestamp.rawValue == times[0])
    #expect(batch.header.maxTimestamp.rawValue == .max)
    let read = try RecordBatch(validating: batch.array, as: .producer)
    #expect(try self.times(in: read) == times)
  }

  @Test func withoutTimesThereIsNone() throws {
    let batch = try RecordBatch.of([Record(value: "a"), Record(value: "b")])
    #expect(batch.header.baseTimestamp == .none)
    #expect(batch.header.maxTimestamp == .none)
    #expect(try times(in: batch) == [-1, -1])
  }

  @Test func theAppendTimeIsThatOfEveryRecord() throws {
    var options = BatchOptions()
    options.appendTime = Timestamp(milliseconds: 500)
    let batch = try RecordBatch.of(records(at: [1000, 2000, 3]), options)
    #expect(batch.header.timestampType == .appendTime)
    #expect(batch.header.baseTimestamp == Timestamp(milliseconds: 1000))
    #expect(batch.header.maxTimestamp == Timestamp(milliseconds: 500))
    #expect(try times(in: batch) == [500, 500, 500])
  }

  @Test func theDeleteHorizonIsWhatTimesAreCountedFrom() throws {
    var options = BatchOptions()
    options.deleteHorizon = Timestamp(milliseconds: 9_000_000)
    let batch = try RecordBatch.of(records(at: [1000, 2000, 3]), options)
    #expect(batch.header.deleteHorizon == Timestamp(milliseconds: 9_000_000))
    #expect(batch.header.baseTimestamp == Timestamp(milliseconds: 9_000_000))
    #expect(batch.header.maxTimestamp == Timestamp(milliseconds: 2000))
    #expect(try times(in: batch) == [1000, 2000, 3])
  }

  @Test func horizonAndAppendTimeShareABatch() throws {
    var options = BatchOptions()
    options.appendTime = Timestamp(milliseconds: 500)
    options.deleteHorizon = Timestamp(milliseconds: 9_000_000)
    let batch = try RecordBatch.of(records(at: [1000, 2000]), options)
    #expect(batch.header.deleteHorizon == Timestamp(milliseconds: 9_000_000))
    #expect(batch.header.maxTimestamp == Timestamp(milliseconds: 500))
    #expect(try times(in: batch) == [500, 500])
  }
}
