internal import Synchronization
internal import VarveSystem

/// The transactions of a log that came to nothing, for those who are to leave their records out.
///
/// Of a segment that is in its final form they lie in its transaction index, which is read when it is
/// needed; of others they are in memory. Where nothing was ever aborted there is nothing to look at.
final class AbortedTransactions: Sendable {
  private struct State {
    /// The segments that have an index on disk.
    var written: Set<Offset>
    /// What is in memory, by segment: all of those without an index, and some that were read.
    var entries: [Offset: [AbortedTransaction]]
    /// All segments that have any, ascending.
    var bases: [Offset]
    /// How often segments were replaced: what is read of an index holds while none is.
    var generation = 0

    /// The first segment from an offset on that has any.
    func first(from offset: Offset) -> Offset? {
      var range = 0..<bases.count
      while !range.isEmpty {
        let middle = range.lowerBound + range.count / 2
        range =
          bases[middle] < offset ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return range.lowerBound < bases.count ? bases[range.lowerBound] : nil
    }
  }

  private let state: Lock<State>
  private let isEmpty: Atomic<Bool>
  private let directory: String
  private let fileSystem: any FileSystem

  /// - Parameters:
  ///   - written: The segments that have an index on disk.
  ///   - entries: Those of the segment that is written to.
  ///   - others: Those of segments that should have an index, and have none.
  init(
    written: Set<Offset>, active: Offset, entries: [AbortedTransaction],
    others: [Offset: [AbortedTransaction]], in directory: String, _ fileSystem: any FileSystem
  ) {
    self.directory = directory
    self.fileSystem = fileSystem
    var unwritten = others
    if !entries.isEmpty { unwritten[active] = entries }
    let bases = written.union(unwritten.keys)
    state = Lock(
      State(written: written.subtracting([active]), entries: unwritten, bases: bases.sorted()))
    isEmpty = Atomic(bases.isEmpty)
  }

  /// Takes note of a transaction whose marker stands in a segment.
  func append(_ transaction: AbortedTransaction, in base: Offset) {
    state.withLock { state in
      state.entries[base, default: []].append(transaction)
      if state.bases.last.map({ $0 < base }) ?? true { state.bases.append(base) }
    }
    isEmpty.store(false, ordering: .releasing)
  }

  /// Forgets what is known of a segment, which is written to again, and of those behind it, but for
  /// these.
  func cut(to base: Offset, entries: [AbortedTransaction]) {
    let isEmpty = state.withLock { state in
      state.written = state.written.filter { $0 < base }
      state.entries = state.entries.filter { $0.key < base }
      state.bases.removeAll { $0 >= base }
      if !entries.isEmpty {
        state.entries[base] = entries
        state.bases.append(base)
      }
      return state.bases.isEmpty
    }
    self.isEmpty.store(isEmpty, ordering: .releasing)
  }

  /// Takes note that segments have taken the place of others, and of what was aborted in them.
  func replace(
    _ sources: [Offset],
    by successors: [(baseOffset: Offset, entries: [AbortedTransaction])]
  ) {
    let isEmpty = state.withLock { state in
      for base in sources {
        state.written.remove(base)
        state.entries[base] = nil
      }
      let gone = Set(sources)
      state.bases.removeAll { gone.contains($0) }
      for (base, entries) in successors where !entries.isEmpty {
        state.entries[base] = entries
        state.bases.insert(base, at: state.bases.firstIndex { $0 > base } ?? state.bases.count)
      }
      state.generation += 1
      return state.bases.isEmpty
    }
    self.isEmpty.store(isEmpty, ordering: .releasing)
  }

  /// Takes note that a segment's index is on disk: it need not be in memory any more.
  func didWrite(_ base: Offset) {
    state.withLock { state in
      state.written.insert(base)
      if (state.entries[base]?.count ?? 0) > LogLimits.keptTransactionCount {
        state.entries[base] = nil
      }
    }
  }

  /// Those that readers of some offsets would meet, in the order of their markers.
  ///
  /// - Parameter base: That of the segment where they begin to read.
  func overlapping(
    _ offsets: Range<Offset>, from base: Offset
  ) throws(LogError) -> [AbortedTransaction] {
    guard !isEmpty.load(ordering: .acquiring), !offsets.isEmpty else { return [] }
    while true {
      let generation = state.withLock { $0.generation }
      do throws(LogError) {
        let found = try collect(offsets, from: base, generation)
        if state.withLock({ $0.generation == generation }) { return found }
      } catch {
        // What was not there, or was read, may be of a segment that has been replaced meanwhile.
        if state.withLock({ $0.generation == generation }) { throw error }
      }
    }
  }

  private func collect(
    _ offsets: Range<Offset>, from base: Offset, _ generation: Int
  ) throws(LogError) -> [AbortedTransaction] {
    var found: [AbortedTransaction] = []
    var next = base
    while let base = state.withLock({ $0.first(from: next) }) {
      for entry in try entries(of: base, generation) {
        if entry.overlaps(offsets.lowerBound, upTo: offsets.upperBound) { found.append(entry) }
        // All that was open below the bound had ended.
        if entry.lastStableOffset >= offsets.upperBound { return found }
      }
      next = base.advanced(by: 1)
    }
    return found
  }

  private func entries(
    of base: Offset, _ generation: Int
  ) throws(LogError) -> [AbortedTransaction] {
    if let known = state.withLock({ $0.entries[base] }) { return known }
    let path = SegmentPath(directory: directory, baseOffset: base)
    guard let entries = try ProducerFiles.aborted(of: path, in: fileSystem) else {
      // Without it, what was aborted would pass for what counts.
      throw LogError(
        .corrupt,
        "\(path.transactionIndex) is gone: of its segment it is not known what was aborted")
    }
    if entries.count <= LogLimits.keptTransactionCount {
      state.withLock { state in
        if state.generation == generation { state.entries[base] = entries }
      }
    }
    return entries
  }
}
