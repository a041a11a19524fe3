import FuzzSupport
import KafkaReference
import Varve

/// A batch that owns its bytes says what the view of them says.
enum Owning {
  static func check(_ bytes: [UInt8], _ expected: Expectation) {
    guard let batch = try? RecordBatch(validating: bytes, as: .log) else {
      return FuzzSupport.check(!expected.isValid(as: .log), "an owned batch refused")
    }
    FuzzSupport.check(expected.isValid(as: .log), "an owned batch that is none")
    checkEqual(Array(batch.bytes), bytes, "an owned batch's bytes")
    FuzzSupport.check(batch == batch && batch.hashValue == batch.hashValue, "not itself")
    guard batch.header.codec == .none else { return }
    guard let records = try? batch.records() else { fail("owned records refused") }
    var readings: [Reading] = []
    for record in records {
      readings.append(Reading(record.view))
      checkEqual(record.offset, record.view.offset, "an owned record's offset")
      checkEqual(record.timestamp, record.view.timestamp, "an owned record's time")
      checkEqual(record.isTombstone, record.value == nil, "a tombstone")
      checkCopy(of: record)
    }
    checkEqual(records.count, readings.count, "the owned records' count")
    FuzzSupport.check(readings == expected.readings, "other owned records than in the book")
  }

  private static func checkCopy(of record: RecordSlice) {
    let copy = Record(copying: record)
    let reading = Reading(record.view)
    checkEqual(copy.key, reading.key, "a copied key")
    checkEqual(copy.value, reading.value, "a copied value")
    checkEqual(copy.headers.map(\.value), reading.headers.map(\.value), "copied headers")
    checkEqual(
      copy.headers.map(\.key), reading.headers.map { String(decoding: $0.key, as: UTF8.self) },
      "copied header names")
  }
}
