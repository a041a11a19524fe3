internal import VarveSystem

extension Log {
  /// Keeps of the records below an offset the last one of each key; nil where nothing there is new.
  func compactNow(
    _ wanted: CleanerPlan.Compaction, now: Timestamp,
    limits: CompactionLimits = CompactionLimits()
  ) throws(LogError) -> CompactionReport? {
    try compacting.withLock { _ throws(LogError) in
      try removeUndecided()
      // What is compacted is in its final form, and the side file knows of it.
      try sealWaiting()
      // First of all: a cut that comes from here on is seen at the end.
      let state = cleaning.withLock { $0 }
      let segments = table.current.segments
      let sources = Array(
        segments.prefix {
          !$0.isActive && $0.published.offset <= wanted.below && $0.damage.isEmpty
        })
      let dirty = max(start, state.cleanedBelow)
      guard sources.count < segments.count, let last = sources.last,
        last.published.offset > dirty
      else { return nil }
      let rules = CompactionRules(
        now: now, deleteRetention: wanted.deleteRetention, mapEnd: 0,
        producers: Dictionary(
          producers.entries.map { ($0.producer.id, $0) }, uniquingKeysWith: { $1 }))
      var compaction = try Compaction(
        self, sources, ends: segments[1...sources.count].map(\.baseOffset), dirty: dirty, rules,
        limits)
      try compaction.run()
      try noteCompacted(below: compaction.report.end, cutCount: state.cutCount)
      return compaction.report
    }
  }

  /// By how many bytes a compaction may make the log smaller, at the most and about: by those that are new.
  /// They repeat keys of each other, or of what is there.
  func reclaimableByteCount(of wanted: CleanerPlan.Compaction) -> Int {
    let dirty = cleaning.withLock { $0.cleanedBelow }
    return table.current.segments.lazy
      .filter { $0.published.offset > dirty && $0.published.offset <= wanted.below }
      .reduce(0) { $0 + $1.published.position }
  }

  /// Once all is in its place: what is gone through twice is only slower.
  private func noteCompacted(below end: Offset, cutCount: Int) throws(LogError) {
    try sealing.withLock { _ throws(LogError) in
      try checkReplaceable()
      guard cleaning.withLock({ $0.cutCount == cutCount }) else { return }
      let bases = Set(table.current.segments.map(\.baseOffset))
      do throws(SystemError) {
        try sideFile?.removeStale { bases.contains($0) }
        try sideFile?.update { $0.cleanedBelow = max($0.cleanedBelow, end) }
      } catch {
        throw LogError(error, "note up to where \(directory) is compacted")
      }
      cleaning.withLock { $0.cleanedBelow = max($0.cleanedBelow, end) }
    }
  }
}
