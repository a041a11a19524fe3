import Testing
import VarveFormat

@Suite struct OwnedRecordsTests {
  @Test func everyRecordComesOnce() throws {
    var builder = try RecordBatchBuilder()
    for index in 0..<100 {
      try builder.append(Record(key: "key \(index)", value: "value \(index)"))
    }
    let finished = builder.finish()
    let batch = try #require(finished)
    var count = 0
    for record in try batch.records() {
      #expect(
        Record(copying: record)
          == Record(key: "key \(count)", value: "value \(count)", timestamp: Timestamp.none))
      #expect(record.offset == Offset(rawValue: Int64(count)))
      count += 1
    }
    #expect(count == 100)
  }
}
