internal import VarveFormat

/// A batch as Kafka sees it when it walks over a file: by a few fields, none of them checked.
struct KafkaBatch {
  let position: Int
  let byteCount: Int
  let magic: Int8
  let baseOffset: Offset
  let lastOffset: Offset
  let leaderEpoch: LeaderEpoch
  let maxTimestamp: Timestamp
  let attributes: BatchAttributes
  let producerID: Int64

  var nextOffset: Offset { lastOffset.advanced(by: 1) }
  var range: Range<Int> { position..<position + byteCount }
  var isLegacy: Bool { magic < 2 }

  /// Whether Kafka's check of a batch passes: its length and its checksum, and nothing else.
  func isValid(in log: [UInt8]) -> Bool {
    guard !isLegacy else { return false }
    let stored = log.bigEndian(at: position + 17, as: UInt32.self)
    return log.checksum(position + 21..<range.upperBound) == stored
  }
}

/// What stands where a batch should.
struct CorruptBatch: Error { let position: Int }

/// Kafka's walk over the batches of a file.
struct KafkaBatchWalk {
  private let log: [UInt8]
  private(set) var position: Int

  init(_ log: [UInt8], from position: Int = 0) {
    self.log = log
    self.position = position
  }

  /// The next batch; nil where no other is there as a whole.
  mutating func next() throws(CorruptBatch) -> KafkaBatch? {
    guard position >= 0 else { throw CorruptBatch(position: position) }
    guard position < log.count - 17 else { return nil }
    let length = Int(log.bigEndian(at: position + 8, as: Int32.self))
    guard length >= 14 else { throw CorruptBatch(position: position) }
    guard position <= log.count - 12 - length else { return nil }
    let batch = try parse(byteCount: length + 12)
    position += batch.byteCount
    return batch
  }

  private func parse(byteCount: Int) throws(CorruptBatch) -> KafkaBatch {
    let magic = log.bigEndian(at: position + 16, as: Int8.self)
    let offset = log.bigEndian(at: position, as: Int64.self)
    guard magic >= 2 else {
      return KafkaBatch(
        position: position, byteCount: byteCount, magic: magic,
        baseOffset: Offset(rawValue: offset), lastOffset: Offset(rawValue: offset),
        leaderEpoch: .none, maxTimestamp: .none, attributes: BatchAttributes(rawValue: 0),
        producerID: -1)
    }
    guard byteCount >= FormatLimits.batchHeaderByteCount else {
      throw CorruptBatch(position: position)
    }
    let delta = Int64(log.bigEndian(at: position + 23, as: Int32.self))
    return KafkaBatch(
      position: position, byteCount: byteCount, magic: magic,
      baseOffset: Offset(rawValue: offset), lastOffset: Offset(rawValue: offset &+ delta),
      leaderEpoch: LeaderEpoch(rawValue: log.bigEndian(at: position + 12, as: Int32.self)),
      maxTimestamp: Timestamp(rawValue: log.bigEndian(at: position + 35, as: Int64.self)),
      attributes: BatchAttributes(rawValue: log.bigEndian(at: position + 21, as: Int16.self)),
      producerID: log.bigEndian(at: position + 43, as: Int64.self))
  }
}

extension [UInt8] {
  /// The integer at `position`, most significant byte first.
  func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    at position: Int, as: T.Type = T.self
  ) -> T {
    // SAFETY: the bytes of an array of UInt8 are all initialized.
    unsafe span.bytes.bigEndian(at: position)
  }

  mutating func appendBigEndian(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// CRC-32C of a part.
  func checksum(_ range: Range<Int>) -> UInt32 {
    // SAFETY: the bytes of an array of UInt8 are all initialized.
    CRC32C.checksum(of: unsafe span.bytes.extracting(range))
  }
}
