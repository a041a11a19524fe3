import FuzzSupport
import KafkaReference
import Varve

/// The batch as the book would have it.
struct Model {
  private let options: BatchOptions
  private(set) var records: [ReferenceRecord] = []
  private var base: Int64?
  private var maximum: Int64 = -1

  init(_ options: BatchOptions) {
    self.options = options
    base = options.deleteHorizon?.rawValue
  }

  /// The record that this step makes, or nil where no batch takes it.
  func record(of step: Step) -> ReferenceRecord? {
    let last = Int64(records.last?.offsetDelta ?? -1)
    var delta = last + 1
    if let offset = step.offset?.rawValue {
      let (distance, overflows) = offset.subtractingReportingOverflow(options.baseOffset.rawValue)
      if overflows { return nil }
      delta = distance
    }
    if delta <= last || delta > Int64(Int32.max) { return nil }
    let (place, overflows) = options.baseOffset.rawValue.addingReportingOverflow(delta)
    if overflows || place == .max { return nil }
    if let end = options.lastOffset?.rawValue, place > end { return nil }
    let time = step.timestamp.rawValue
    if time < -1 { return nil }
    return ReferenceRecord(
      offsetDelta: Int32(delta), timestampDelta: time &- (base ?? time), key: step.key,
      value: step.value,
      headers: step.headers.map { .init(key: Array($0.key.utf8), value: $0.value) })
  }

  mutating func append(_ record: ReferenceRecord, of step: Step) {
    records.append(record)
    if base == nil { base = step.timestamp.rawValue }
    maximum = max(maximum, step.timestamp.rawValue)
  }

  /// The whole batch.
  var batch: ReferenceBatch {
    var batch = ReferenceBatch()
    batch.baseOffset = options.baseOffset.rawValue
    batch.leaderEpoch = options.leaderEpoch.rawValue
    if options.appendTime != nil { batch.attributes |= 0x08 }
    if options.isTransactional { batch.attributes |= 0x10 }
    if options.isControl { batch.attributes |= 0x20 }
    if options.deleteHorizon != nil { batch.attributes |= 0x40 }
    let last = options.lastOffset.map { $0.rawValue - options.baseOffset.rawValue }
    batch.lastOffsetDelta = last.map { Int32($0) } ?? records.last?.offsetDelta ?? 0
    batch.baseTimestamp = base ?? -1
    batch.maxTimestamp = options.appendTime?.rawValue ?? maximum
    batch.producerID = options.producer?.id ?? -1
    batch.producerEpoch = options.producer?.epoch ?? -1
    batch.baseSequence = options.baseSequence.rawValue
    return batch
  }

  var bytes: [UInt8] { batch.encoded(records) }
}
