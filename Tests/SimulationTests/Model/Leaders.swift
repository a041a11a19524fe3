import Varve
import VarveTesting

/// Under whom each record was appended.
struct Leaders {
  private var epochs: [LeaderEpoch] = []
  /// The offset of the first one.
  private var origin: Offset = 0
  /// Under whom the next one is.
  var next: LeaderEpoch = .none

  private var end: Offset { origin.advanced(by: epochs.count) }

  /// Ends where the log does.
  mutating func follow(_ history: ModelLog) {
    if history.origin != origin { (epochs, origin) = ([], history.origin) }
    while end < history.end { epochs.append(next) }
    while end > history.end { epochs.removeLast() }
  }

  /// What a log that starts at an offset has to say of them.
  func starts(from start: Offset) -> [LeaderEpochStart] {
    var starts: [LeaderEpochStart] = []
    for (number, epoch) in epochs.enumerated() {
      let offset = origin.advanced(by: number)
      guard offset >= start, epoch != .none, epoch != starts.last?.epoch else { continue }
      starts.append(LeaderEpochStart(epoch: epoch, startOffset: offset))
    }
    return starts
  }
}
