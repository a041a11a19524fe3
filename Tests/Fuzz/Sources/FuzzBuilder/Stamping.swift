import FuzzSupport
import KafkaReference
import Varve

/// Stamps: what they say stands in the batch, the checksum is right, and all else stays.
enum Stamping {
  static func random(from input: inout FuzzInput) -> BatchStamp {
    let offset = input.choice(4) == 0 ? nil : Offset(rawValue: input.extremeInteger())
    let epoch = input.choice(4) == 0 ? nil : LeaderEpoch(rawValue: input.extremeInteger())
    let time: BatchStamp.Time =
      switch input.choice(3) {
      case 0: .keep
      case 1: .create(maximum: Timestamp(rawValue: input.extremeInteger()))
      default: .append(Timestamp(rawValue: input.extremeInteger()))
      }
    return BatchStamp(baseOffset: offset, leaderEpoch: epoch, time: time)
  }

  static func check(_ batch: RecordBatch, _ stamp: BatchStamp) {
    let before = Array(batch.bytes)
    let isLegal = isLegal(stamp, for: before)
    var copy = batch
    var memory = ExactBytes(before)
    do throws(LogError) {
      try copy.stamp(stamp)
      FuzzSupport.check(isLegal, "taken: \(stamp)")
      try write(stamp, to: &memory, batch.header)
      checkEqual(Array(copy.bytes), expected(stamp, on: before), "a stamped batch")
      checkEqual(memory.array, Array(copy.bytes), "stamped bytes")
      checkEqual(copy.header, try BatchHeader(parsing: copy.bytes), "a stamped header")
      _ = try BatchView(validating: copy.bytes, as: .log)
    } catch {
      FuzzSupport.check(!isLegal, "refused: \(error)")
      checkEqual(error.code, .invalidArgument, "a refusal")
      checkEqual(Array(copy.bytes), before, "a refusal changed the batch")
    }
    checkEqual(Array(batch.bytes), before, "a stamp changed another copy")
  }

  private static func isLegal(_ stamp: BatchStamp, for bytes: [UInt8]) -> Bool {
    var fields = ReferenceBatch(fieldsOf: bytes)!
    if let offset = stamp.baseOffset { fields.baseOffset = offset.rawValue }
    if !fields.isHeader { return false }
    switch stamp.time {
    case .keep: return true
    case .create(let time), .append(let time): return time.rawValue >= -1
    }
  }

  private static func expected(_ stamp: BatchStamp, on bytes: [UInt8]) -> [UInt8] {
    var fields = ReferenceBatch(fieldsOf: bytes)!
    if let offset = stamp.baseOffset { fields.baseOffset = offset.rawValue }
    if let epoch = stamp.leaderEpoch { fields.leaderEpoch = epoch.rawValue }
    switch stamp.time {
    case .keep: break
    case .create(let time):
      fields.attributes &= ~0x08
      fields.maxTimestamp = time.rawValue
    case .append(let time):
      fields.attributes |= 0x08
      fields.maxTimestamp = time.rawValue
    }
    let records = bytes[ReferenceBatch.headerByteCount...]
    let covered = fields.fields[ReferenceBatch.checksummedFrom...] + records
    fields.checksum = ReferenceCRC32C.checksum(of: covered)
    return fields.fields + records
  }

  private static func write(
    _ stamp: BatchStamp, to memory: inout ExactBytes, _ header: BatchHeader
  ) throws(LogError) {
    var span = memory.mutableSpan
    try stamp.stamp(&span, header: header)
  }
}
