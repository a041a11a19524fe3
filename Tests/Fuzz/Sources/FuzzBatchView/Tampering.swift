import FuzzSupport
import Varve

/// A file that is mapped may change after it was checked. What is read then may be anything, but
/// nothing outside of the batch is touched, and the host lives.
enum Tampering {
  static func check(_ bytes: [UInt8], seed: UInt8) {
    let memory = ExactBytes(bytes)
    guard let view = try? BatchView(unverified: memory.span), view.header.codec == .none,
      let records = try? view.records
    else { return }
    var state = UInt64(seed) | UInt64(view.header.checksum) << 8
    var count = 0
    var iterator = records.makeIterator()
    tamper(memory, &state)
    while let record = iterator.next() {
      count += 1
      tamper(memory, &state)
      _ = Reading(record)
      _ = try? ControlRecordType(of: record)
      _ = try? EndTransactionMarker(record)
      var headers = record.headers.makeIterator()
      while let header = headers.next() {
        tamper(memory, &state)
        _ = (Array(header.key), header.hasKey("key"))
      }
      _ = Record(copying: record)
    }
    FuzzSupport.check(count <= records.count, "more records than were counted")
  }

  /// One byte, somewhere: often to where a length changes its sign or its size.
  private static func tamper(_ memory: borrowing ExactBytes, _ state: inout UInt64) {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let random = Int(state >> 33)
    let bytes: [UInt8] = [0, 1, 2, 0x7f, 0x80, 0xff, UInt8(truncatingIfNeeded: random >> 8)]
    memory.tamper(at: random % memory.count, with: bytes[random % bytes.count])
  }
}
