import FuzzSupport
import KafkaReference
import Varve

/// Control records: any record may be asked whether it is one.
enum Controls {
  static func check(_ records: borrowing RecordsView) {
    records.forEach { record in
      let key = Reading(record).key
      let type = try? ControlRecordType(of: record)
      checkEqual(type?.rawValue, number(in: key), "a control record's type")
      if let type { checkEqual(ControlRecordType(rawValue: type.rawValue), type, "a type") }
      checkMarker(record, type)
      checkHeaders(of: record)
    }
  }

  /// The book: 4 bytes or more, a version that is not negative, and the type.
  private static func number(in key: [UInt8]?) -> Int16? {
    guard let key, key.count >= 4, key[0] < 0x80 else { return nil }
    return Int16(bitPattern: UInt16(key[2]) << 8 | UInt16(key[3]))
  }

  private static func checkMarker(_ record: borrowing RecordView, _ type: ControlRecordType?) {
    let value = Reading(record).value
    let isLegible = value.map { $0.count >= 6 && $0[0] < 0x80 } ?? false
    do throws(LogError) {
      guard let marker = try EndTransactionMarker(record) else {
        return FuzzSupport.check(type != .abort && type != .commit, "a marker overlooked")
      }
      FuzzSupport.check(isLegible, "a marker without its value")
      checkEqual(marker.outcome == .committed, type == .commit, "a marker's outcome")
      let epoch = value?[2..<6].reduce(Int32(0)) { $0 << 8 | Int32($1) }
      checkEqual(marker.coordinatorEpoch, epoch ?? 0, "a marker's epoch")
    } catch {
      FuzzSupport.check(
        type == nil || (type == .abort || type == .commit) && !isLegible,
        "a marker refused: \(error)")
    }
  }

  /// The last header of a name wins.
  private static func checkHeaders(of record: borrowing RecordView) {
    let headers = Reading(record).headers
    checkEqual(record.headers.count, headers.count, "the headers' count")
    guard let key = headers.first?.key, let name = String(validating: key, as: UTF8.self) else {
      return
    }
    var found: [UInt8]?
    if let value = record.headers.lastValue(of: name) { found = Array(value) }
    checkEqual(found, headers.last { $0.key == key }?.value, "the last value of a header")
  }
}
