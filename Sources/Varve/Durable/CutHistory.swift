/// Where a log has been cut, for those who wait for what may have been cut off: others may have taken its
/// place, and be durable, before they look.
struct CutHistory: Hashable, Sendable {
  private struct Cut: Hashable, Sendable {
    let number: Int
    let end: Offset
  }

  /// How often the log has been cut.
  private(set) var count = 0
  /// Those behind which the log was not cut as low again, oldest first. So each is higher than the one
  /// before.
  private var cuts: [Cut] = []
}

extension CutHistory {
  /// The log has been cut, and kept what lies before an offset.
  mutating func note(_ end: Offset) {
    count += 1
    cuts.removeAll { $0.end >= end }
    cuts.append(Cut(number: count, end: end))
    // Of two that become one, the lower one counts: some are told of a cut that has kept what they wait for.
    if cuts.count > LogLimits.cutHistoryCount {
      cuts.replaceSubrange(..<2, with: [Cut(number: cuts[1].number, end: cuts[0].end)])
    }
  }

  /// Whether something that lay before an offset has been cut off since the log had been cut so often.
  func hasCut(before offset: Offset, since count: Int) -> Bool {
    guard count != self.count else { return false }
    return cuts.first { $0.number > count }.map { $0.end < offset } ?? false
  }
}
