internal import VarveSystem

/// Where the segments of a log are looked up.
final class SegmentTable: Sendable {
  private let view: Lock<LogView>

  init(_ view: LogView) { self.view = Lock(view) }

  /// The segments as they are now.
  var current: LogView { view.withLock { $0 } }

  var startOffset: Offset { view.withLock { $0.startOffset } }

  /// The segment in which to look for an offset.
  func floor(of offset: Offset) -> SegmentFile {
    view.withLock { $0.segments[$0.index(of: offset)] }
  }

  /// The segment behind the one with this base.
  func segment(after base: Offset) -> SegmentFile? { view.withLock { $0.segment(after: base) } }

  func append(_ segment: SegmentFile) { view.withLock { $0.append(segment) } }

  /// Lets the log end earlier for those who read it. Returns the segments that are gone.
  func cut(to mark: DurableMark) -> [SegmentFile] { view.withLock { $0.cut(to: mark) } }

  /// Lets the log end with another segment, which what is kept of an old one has become. Returns the
  /// segments that are gone.
  func cut(_ cut: LogCut, to last: SegmentFile) -> [SegmentFile] {
    view.withLock { view in
      let before = view.segments
      let kept = before.filter { $0.baseOffset != last.baseOffset && cut.keeps($0.baseOffset) }
      let start = cut.isFresh ? cut.end.offset : min(view.startOffset, cut.end.offset)
      view = LogView(startOffset: start, segments: kept + [last])
      return marked(before[kept.count...], .cut(at: cut.end.offset))
    }
  }

  /// Lets the log start at an offset, or where it starts already. Returns the segments that are gone.
  func trim(before start: Offset) -> [SegmentFile] {
    view.withLock { marked($0.trim(before: start)[...], .trimmed) }
  }

  /// Lets other segments take the place of neighbours; false if these are not the log's any more, all of
  /// them.
  func replace(_ sources: [SegmentFile], by successors: [SegmentFile]) -> Bool {
    view.withLock { view in
      guard let range = view.range(of: sources) else { return false }
      var segments = view.segments
      segments.replaceSubrange(range, with: successors)
      view = LogView(startOffset: view.startOffset, segments: segments)
      _ = marked(sources[...], .replaced)
      return true
    }
  }

  /// Whether the log has these segments, one behind the other.
  func has(_ sources: [SegmentFile]) -> Bool { view.withLock { $0.range(of: sources) != nil } }

  /// Whether a segment that lies before an offset as a whole has not its final form.
  func isAnyActive(below offset: Offset) -> Bool {
    let segments = view.withLock { $0.segments }
    return zip(segments, segments.dropFirst()).contains { segment, next in
      next.baseOffset <= offset && segment.isActive
    }
  }

  /// While nobody looks: who finds what has come after a segment also finds that it is gone.
  private func marked(
    _ gone: ArraySlice<SegmentFile>, _ removal: SegmentFile.Removal
  ) -> [SegmentFile] {
    for segment in gone { segment.remove(removal) }
    return Array(gone)
  }
}

/// The segments of a log, oldest first; there is at least one. Readers take a copy, which nobody changes under them.
struct LogView: Sendable {
  /// The first offset that is there.
  var startOffset: Offset
  private(set) var segments: [SegmentFile]
  /// Their base offsets again, side by side for the search.
  private var bases: [Int64]

  init(startOffset: Offset, segments: [SegmentFile]) {
    self.startOffset = startOffset
    self.segments = segments
    bases = segments.map(\.baseOffset.rawValue)
  }

  mutating func append(_ segment: SegmentFile) {
    segments.append(segment)
    bases.append(segment.baseOffset.rawValue)
  }

  mutating func cut(to mark: DurableMark) -> [SegmentFile] {
    var gone: [SegmentFile] = []
    while segments.count > 1, let last = segments.last, last.baseOffset > mark.segmentBase {
      gone.append(segments.removeLast())
      bases.removeLast()
    }
    if let last = segments.last, last.baseOffset == mark.segmentBase {
      last.published.publish(position: mark.position, offset: mark.offset.rawValue)
    }
    return gone
  }

  mutating func trim(before start: Offset) -> [SegmentFile] {
    startOffset = max(startOffset, start)
    var count = 0
    while count + 1 < segments.count, bases[count + 1] <= startOffset.rawValue,
      !segments[count].isActive
    {
      count += 1
    }
    let gone = Array(segments[..<count])
    segments.removeFirst(count)
    bases.removeFirst(count)
    return gone
  }

  /// The place of the last segment that begins at or before an offset, or of the first one.
  func index(of offset: Offset) -> Int {
    // Most reads are at the end.
    if let last = bases.last, offset.rawValue >= last { return bases.count - 1 }
    var range = 0..<bases.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if bases[middle] <= offset.rawValue {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return max(0, range.lowerBound - 1)
  }

  /// Where these segments are, one behind the other; nil if they are not.
  func range(of sources: [SegmentFile]) -> Range<Int>? {
    guard let first = sources.first,
      let start = segments.firstIndex(where: { $0 === first }),
      start + sources.count <= segments.count
    else { return nil }
    let range = start..<start + sources.count
    return zip(segments[range], sources).allSatisfy { $0 === $1 } ? range : nil
  }

  /// The segment behind the one with this base.
  func segment(after base: Offset) -> SegmentFile? {
    if let first = segments.first, first.baseOffset > base { return first }
    let next = index(of: base) + 1
    guard segments.indices.contains(next), segments[next].baseOffset > base else { return nil }
    return segments[next]
  }
}
