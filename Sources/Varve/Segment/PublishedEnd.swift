internal import Synchronization

/// How far a segment goes, for readers: what the appender has stored with a release store, after
/// the bytes are in place.
struct PublishedEnd: ~Copyable, Sendable {
  private let publishedPosition: Atomic<Int>
  private let publishedOffset: Atomic<Int64>
  private let publishedTimestamp: Atomic<Int64>

  init(_ end: SegmentEnd, maxTimestamp: Timestamp) {
    publishedPosition = Atomic(end.position)
    publishedOffset = Atomic(end.offset.rawValue)
    publishedTimestamp = Atomic(maxTimestamp.rawValue)
  }

  /// Bytes of the segment.
  var position: Int { publishedPosition.load(ordering: .acquiring) }
  /// The first offset behind it: at least that of the last batch below a ``position`` that was
  /// read before.
  var offset: Offset { Offset(rawValue: publishedOffset.load(ordering: .acquiring)) }
  /// Where it ends. The position is read first: what lies below it is then covered by the offset.
  var end: SegmentEnd {
    let position = position
    return SegmentEnd(offset: offset, position: position)
  }
  /// The greatest timestamp.
  var maxTimestamp: Timestamp {
    Timestamp(rawValue: publishedTimestamp.load(ordering: .relaxed))
  }

  /// Makes what lies below visible. Only whoever holds the append lock calls this.
  @inline(__always)
  func publish(position: Int, offset: Int64) {
    // The offset first: whoever sees the position sees an offset that is no smaller.
    publishedOffset.store(offset, ordering: .relaxed)
    publishedPosition.store(position, ordering: .releasing)
  }

  @inline(__always)
  func publish(maxTimestamp: Timestamp) {
    publishedTimestamp.store(maxTimestamp.rawValue, ordering: .relaxed)
  }
}
