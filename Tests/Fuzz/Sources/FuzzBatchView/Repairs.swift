import KafkaReference

/// What the harness puts right in an input, since random bytes never pass a checksum, and seldom
/// a count: each is a bit of the input's first byte.
struct Repairs: OptionSet {
  let rawValue: UInt8

  /// Version, length, and at least a header's worth of bytes.
  static let frame = Repairs(rawValue: 1)
  static let checksum = Repairs(rawValue: 2)
  /// The record count and the last offset delta: those of what looks like records.
  static let counts = Repairs(rawValue: 4)
  /// What keeps a batch from being a producer's.
  static let produced = Repairs(rawValue: 8)
  static let plain = Repairs(rawValue: 16)
  /// Not a repair: which bytes change while they are read.
  static let tampering = Repairs(rawValue: 0xe0)

  func apply(to bytes: inout [UInt8]) {
    if contains(.frame), bytes.count < ReferenceBatch.headerByteCount {
      bytes += Array(repeating: 0, count: ReferenceBatch.headerByteCount - bytes.count)
    }
    guard var batch = ReferenceBatch(fieldsOf: bytes) else { return }
    if contains(.frame) {
      batch.magic = 2
      batch.batchLength = Int32(bytes.count - ReferenceBatch.prefixByteCount)
    }
    if contains(.plain) { batch.attributes &= ~0x07 }
    if contains(.produced) { makeProduced(&batch) }
    if contains(.counts) {
      let records = ReferenceBatch.anyRecords(in: bytes).records
      batch.recordCount = Int32(records.count)
      batch.lastOffsetDelta = max(records.map(\.offsetDelta).max() ?? 0, 0)
    }
    write(batch, to: &bytes)
    if contains(.checksum) {
      batch.checksum = ReferenceCRC32C.checksum(of: bytes[ReferenceBatch.checksummedFrom...])
      write(batch, to: &bytes)
    }
  }

  private func makeProduced(_ batch: inout ReferenceBatch) {
    batch.baseOffset = 0
    batch.attributes &= ~0x60
    batch.baseTimestamp &= .max
    batch.maxTimestamp &= .max
    batch.producerID &= .max
    batch.producerEpoch &= .max
    batch.baseSequence &= .max
  }

  private func write(_ batch: ReferenceBatch, to bytes: inout [UInt8]) {
    bytes.replaceSubrange(..<ReferenceBatch.headerByteCount, with: batch.fields)
  }
}
