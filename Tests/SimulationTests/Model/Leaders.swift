import Varve

/// Under whom each record was appended.
struct Leaders {
  private var epochs: [LeaderEpoch] = []
  /// Under whom the next one is.
  var next: LeaderEpoch = .none

  mutating func append(upTo end: Offset) {
    while epochs.count < Int(end.rawValue) { epochs.append(next) }
  }

  mutating func cut(to end: Offset) {
    epochs.removeSubrange(min(epochs.count, Int(end.rawValue))...)
  }

  /// What the log has to say of them.
  var starts: [LeaderEpochStart] {
    var starts: [LeaderEpochStart] = []
    for (offset, epoch) in epochs.enumerated() where epoch != .none && epoch != starts.last?.epoch {
      starts.append(LeaderEpochStart(epoch: epoch, startOffset: Offset(rawValue: Int64(offset))))
    }
    return starts
  }
}
