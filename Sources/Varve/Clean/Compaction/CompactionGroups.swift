/// A segment that is compacted, as far as it matters with which others it goes into one.
struct CompactionSource: Hashable, Sendable {
  var baseOffset: Offset
  /// Where the next segment begins.
  var endOffset: Offset
  /// Bytes of its log.
  var byteCount: Int
  /// Bytes of its larger index.
  var indexByteCount: Int
}

/// What becomes one segment: as many neighbours as certainly fit into it.
///
/// What compaction leaves of them is no more than they are, so that what fits before also fits afterwards;
/// but for records that are compressed again, which may come out larger: see ``CompactionRollRule``.
struct CompactionGroups: Hashable, Sendable {
  /// The most bytes of a segment, and of an index of it.
  var segmentByteCount: Int
  var indexByteCount: Int

  /// Neighbours, by their places among the sources.
  func ranges(of sources: [CompactionSource]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < sources.count {
      var end = start + 1
      var (bytes, index) = (sources[start].byteCount, sources[start].indexByteCount)
      while end < sources.count {
        bytes += sources[end].byteCount
        index += sources[end].indexByteCount
        guard bytes <= segmentByteCount, index <= indexByteCount,
          isNear(sources[end], sources[start].baseOffset)
        else { break }
        end += 1
      }
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }

  /// Whether the offsets of a segment can be told from another base.
  private func isNear(_ source: CompactionSource, _ base: Offset) -> Bool {
    source.endOffset.rawValue - 1 - base.rawValue <= LogLimits.maximumRelativeOffset
  }
}
