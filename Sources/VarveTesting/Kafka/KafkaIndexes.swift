package import VarveFormat

/// The bytes that a segment's index files must have, made from its batches by the rule that Kafka
/// follows after an unclean stop.
package struct KafkaIndexes: Sendable {
  package typealias Failure = KafkaLoaderModel.Failure

  /// The bytes of the offset index.
  package private(set) var offsets: [UInt8] = []
  /// The bytes of the time index.
  package private(set) var times: [UInt8] = []

  private let baseOffset: Offset
  private let interval: Int
  private var lastPosition = 0
  private var lastOffset: Offset?
  private var lastTime: (timestamp: Timestamp, offset: Offset)?
  private var newest = (timestamp: Timestamp.none, offset: Offset(rawValue: -1))

  /// Indexes of no batches yet.
  init(baseOffset: Offset, interval: Int) {
    self.baseOffset = baseOffset
    self.interval = interval
  }

  /// The indexes of a whole segment, whose batches are all there.
  package init(of segment: [UInt8], baseOffset: Offset, interval: Int) throws {
    self.init(baseOffset: baseOffset, interval: interval)
    var walk = KafkaBatchWalk(segment)
    while let batch = try walk.next() { try append(batch) }
    guard walk.position == segment.count else { throw CorruptBatch(position: walk.position) }
    try finish()
  }

  /// Takes a batch into account.
  mutating func append(_ batch: KafkaBatch) throws(Failure) {
    if batch.maxTimestamp > newest.timestamp { newest = (batch.maxTimestamp, batch.lastOffset) }
    // More than the interval, and not as much as it.
    guard batch.position - lastPosition > interval else { return }
    guard lastOffset.map({ batch.lastOffset > $0 }) ?? true else {
      throw .invalidOffset(segment: baseOffset, batch.lastOffset)
    }
    offsets.appendBigEndian(relative(batch.lastOffset))
    offsets.appendBigEndian(Int32(truncatingIfNeeded: batch.position))
    (lastOffset, lastPosition) = (batch.lastOffset, batch.position)
    try appendTime()
  }

  /// However a segment ends, its greatest time is written.
  mutating func finish() throws(Failure) { try appendTime() }

  private mutating func appendTime() throws(Failure) {
    if let lastTime, newest.offset < lastTime.offset {
      throw .invalidOffset(segment: baseOffset, newest.offset)
    }
    guard newest.timestamp > lastTime?.timestamp ?? .none else { return }
    lastTime = newest
    times.appendBigEndian(newest.timestamp.rawValue)
    times.appendBigEndian(relative(newest.offset))
  }

  private func relative(_ offset: Offset) -> Int32 {
    Int32(truncatingIfNeeded: offset.rawValue &- baseOffset.rawValue)
  }
}
