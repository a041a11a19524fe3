import KafkaReference
import Varve

/// A record as a reader sees it, with each byte of it copied out.
struct Reading: Equatable {
  var offset: Int64
  var timestamp: Int64
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [ReferenceRecord.Header]
}

extension Reading {
  init(_ record: ReferenceRecord, in batch: ReferenceBatch) {
    self.init(
      offset: batch.baseOffset &+ Int64(record.offsetDelta),
      timestamp: batch.timestamp(of: record), key: record.key, value: record.value,
      headers: record.headers)
  }

  init(_ record: borrowing RecordView) {
    self.init(
      offset: record.offset.rawValue, timestamp: record.timestamp.rawValue,
      key: Self.bytes(record.key), value: Self.bytes(record.value), headers: [])
    var iterator = record.headers.makeIterator()
    while let header = iterator.next() {
      headers.append(
        ReferenceRecord.Header(key: Array(header.key), value: Self.bytes(header.value)))
    }
  }

  static func all(of records: borrowing RecordsView) -> [Reading] {
    var readings: [Reading] = []
    records.forEach { readings.append(Reading($0)) }
    return readings
  }

  private static func bytes(_ span: RawSpan?) -> [UInt8]? {
    guard let span else { return nil }
    return Array(span)
  }
}
