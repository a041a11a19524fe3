/// How often what happened, without which a run's silence means little.
struct CrashCoverage: Sendable, CustomStringConvertible {
  var kills = 0
  var acknowledged = 0
  var unacknowledged = 0
  var rolls = 0
  var killsDuringOpening = 0
  /// Of them, those of a process that had a crash to recover from.
  var killsDuringRecovery = 0
  /// Of a log that was being closed amid appends.
  var killsDuringClosing = 0
  /// Kills of processes that had the log's end mapped.
  var mappedTails = 0
  /// Recoveries that had something to cut: after one kill in thirty.
  var cutTails = 0
  /// Kills that left half a batch.
  var tornBatches = 0
  /// Kills that left full segments, or the one behind them, without their names.
  var unnamedSegments = 0
  var cleanCloses = 0

  mutating func add(_ other: CrashCoverage) {
    for counter in Self.counters {
      self[keyPath: counter.path] += other[keyPath: counter.path]
    }
  }

  /// What did not happen that has to.
  ///
  /// - Parameter rare: Whether that includes what takes some luck.
  func missing(rare: Bool) -> [String] {
    Self.counters.filter { self[keyPath: $0.path] == 0 && (rare || !$0.isRare) }.map(\.name)
  }

  var description: String {
    "coverage: "
      + Self.counters.map { "\(self[keyPath: $0.path]) \($0.name)" }.joined(separator: ", ")
  }

  private typealias Counter = (
    name: String, isRare: Bool, path: WritableKeyPath<CrashCoverage, Int>
  )

  private static var counters: [Counter] {
    [
      ("kills", false, \.kills), ("records acknowledged", false, \.acknowledged),
      ("found that were not", false, \.unacknowledged), ("rolls", false, \.rolls),
      ("kills during opening", false, \.killsDuringOpening),
      ("kills during recovery", true, \.killsDuringRecovery),
      ("kills during closing", true, \.killsDuringClosing),
      ("mapped tails", false, \.mappedTails), ("tails cut", true, \.cutTails),
      ("torn batches", true, \.tornBatches),
      ("segments without names", false, \.unnamedSegments),
      ("clean closes", false, \.cleanCloses),
    ]
  }
}
