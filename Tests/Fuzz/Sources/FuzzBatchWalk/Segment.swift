import FuzzSupport
import KafkaReference

/// The bytes of a segment: batches that are well formed, and then damaged here and there.
enum Segment {
  static func built(from input: inout FuzzInput) -> [UInt8] {
    var bytes: [UInt8] = []
    var offset = Int64(input.integer(UInt16.self))
    for _ in 0..<input.choice(8) {
      var batch = ReferenceBatch()
      batch.baseOffset = offset
      batch.leaderEpoch = Int32(input.choice(4)) - 1
      let records = records(from: &input)
      batch.lastOffsetDelta = Int32(max(records.count, 1) - 1 + input.choice(2))
      bytes += batch.encoded(records)
      offset += Int64(batch.lastOffsetDelta) + 1 + (input.bool() ? 0 : Int64(input.choice(3)))
    }
    damage(&bytes, &input)
    return bytes
  }

  private static func records(from input: inout FuzzInput) -> [ReferenceRecord] {
    (0..<input.choice(4)).map { index in
      ReferenceRecord(
        offsetDelta: Int32(index), timestampDelta: Int64(input.choice(100)),
        key: input.bool() ? nil : input.bytes(input.choice(16)),
        value: input.bytes(input.choice(64)), headers: [])
    }
  }

  private static func damage(_ bytes: inout [UInt8], _ input: inout FuzzInput) {
    for _ in 0..<input.choice(4) where !bytes.isEmpty {
      bytes[Int(input.integer(UInt16.self)) % bytes.count] ^= input.integer()
    }
    if input.bool() { bytes.removeLast(Int(input.integer(UInt16.self)) % (bytes.count + 1)) }
    // What a crash leaves behind the last write that arrived.
    if input.bool() { bytes += Array(repeating: 0, count: input.choice(100)) }
    bytes += input.rest()
  }
}
