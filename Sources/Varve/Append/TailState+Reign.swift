// Under whom the log is led, and under whom its last batch was appended. The two differ where nothing
// has been appended since a leader began.

extension TailState {
  /// The epoch of the last batch that the segments tell of, be it before the log's start: no later one
  /// may have an earlier epoch.
  var lastEpoch: LeaderEpoch { nextOffset > reignStart ? leaderEpoch : restingEpoch }

  /// What is appended from now on is of an epoch, behind a last batch of another.
  mutating func lead(_ epoch: LeaderEpoch, behind last: LeaderEpoch) {
    (leaderEpoch, restingEpoch, reignStart) = (epoch, last, nextOffset)
  }
}
