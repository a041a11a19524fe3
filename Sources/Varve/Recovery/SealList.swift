/// The seals of a log's segments, by their bases.
///
/// Of one base there may be several, where a segment was compacted: each holds for its own file.
struct SealList: Hashable, Sendable {
  /// By base, and those of one base in the order in which they were written.
  private var seals: [Seal] = []

  init() {}

  /// - Parameter seals: In the order in which they were written.
  init(_ seals: [Seal]) {
    let isOrdered = zip(seals, seals.dropFirst()).allSatisfy { $0.baseOffset <= $1.baseOffset }
    // Its sort keeps the order of what is equal.
    self.seals = isOrdered ? seals : seals.sorted { $0.baseOffset < $1.baseOffset }
  }

  /// Those of a segment, the last one written last.
  subscript(base: Offset) -> ArraySlice<Seal> {
    let start = firstIndex(from: base)
    return seals[start...].prefix { $0.baseOffset == base }
  }

  private func firstIndex(from base: Offset) -> Int {
    var (low, high) = (0, seals.count)
    while low < high {
      let middle = (low + high) / 2
      if seals[middle].baseOffset < base { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Of how many segments there are seals.
  var segmentCount: Int {
    zip(seals, seals.dropFirst()).count { $0.baseOffset != $1.baseOffset }
      + (seals.isEmpty ? 0 : 1)
  }
}
