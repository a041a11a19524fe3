import Varve

/// Both index files of a segment, written anew from its batches, as Kafka does after an unclean
/// stop.
struct IndexRebuild {
  private(set) var offsetIndex: [UInt8] = []
  private(set) var timeIndex: [UInt8] = []

  private let baseOffset: Offset
  private var newest = TimeIndexEntry(timestamp: .none, offset: 0)
  private var lastIndexed = Timestamp.none

  init(of segment: SegmentFixture, interval: Int) throws {
    baseOffset = segment.baseOffset
    var lastPosition = 0
    for batch in segment.batches {
      if batch.header.maxTimestamp > newest.timestamp {
        newest = TimeIndexEntry(
          timestamp: batch.header.maxTimestamp, offset: batch.header.lastOffset)
      }
      // More than the interval, and not as much as it.
      guard batch.position - lastPosition > interval else { continue }
      lastPosition = batch.position
      let entry = OffsetIndexEntry(offset: batch.header.lastOffset, position: batch.position)
      let bytes = try entry.encoded(relativeTo: baseOffset)
      for index in bytes.indices { offsetIndex.append(bytes[index]) }
      try appendTime()
    }
    // However the segment ends, its greatest time is written.
    try appendTime()
  }

  private mutating func appendTime() throws {
    guard newest.timestamp > lastIndexed else { return }
    lastIndexed = newest.timestamp
    let bytes = try newest.encoded(relativeTo: baseOffset)
    for index in bytes.indices { timeIndex.append(bytes[index]) }
  }
}
