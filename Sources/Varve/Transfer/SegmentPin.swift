internal import VarveSystem

/// What a slice keeps: the file of its segment, which stays as long as this does, and a count among the
/// log's pins.
final class SegmentPin: Sendable {
  let segment: SegmentFile
  let file: OpenFile
  private let table: PinTable

  init(_ segment: SegmentFile, _ file: OpenFile, in table: PinTable) {
    self.segment = segment
    self.file = file
    self.table = table
    table.add(segment)
  }

  deinit { table.remove(segment) }
}

/// Which segments of a log are kept by slices. It does not keep the log.
final class PinTable: Sendable {
  private struct Entry {
    let segment: SegmentFile
    var count: Int
  }

  /// By the segment itself: one that was replaced has the same base offset as the one in its place.
  private let entries = Lock<[ObjectIdentifier: Entry]>([:])

  fileprivate func add(_ segment: SegmentFile) {
    entries.withLock { entries in
      entries[ObjectIdentifier(segment), default: Entry(segment: segment, count: 0)].count += 1
    }
  }

  fileprivate func remove(_ segment: SegmentFile) {
    entries.withLock { entries in
      let key = ObjectIdentifier(segment)
      guard let count = entries[key]?.count, count > 1 else { return entries[key] = nil }
      entries[key]?.count = count - 1
    }
  }

  /// The segments, oldest first, and by how many slices each is kept.
  var current: [(segment: SegmentFile, sliceCount: Int)] {
    entries.withLock { entries in
      entries.values.map { ($0.segment, $0.count) }
    }
    .sorted { $0.0.baseOffset < $1.0.baseOffset }
  }
}
