/// How often what happened, without which a run's silence means little.
struct CrashCoverage: Sendable, CustomStringConvertible {
  var kills = 0
  var acknowledged = 0
  var unacknowledged = 0
  var rolls = 0
  var killsDuringOpening = 0
  /// Of them, those of a process that had a crash to recover from.
  var killsDuringRecovery = 0
  /// Recoveries that had something to cut, if only space that was prepared.
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

  /// What did not happen.
  var missing: [String] {
    Self.counters.filter { self[keyPath: $0.path] == 0 }.map(\.name)
  }

  var description: String {
    "coverage: "
      + Self.counters.map { "\(self[keyPath: $0.path]) \($0.name)" }.joined(separator: ", ")
  }

  private static var counters: [(name: String, path: WritableKeyPath<CrashCoverage, Int>)] {
    [
      ("kills", \.kills), ("records acknowledged", \.acknowledged),
      ("found that were not", \.unacknowledged), ("rolls", \.rolls),
      ("kills during opening", \.killsDuringOpening),
      ("kills during recovery", \.killsDuringRecovery), ("tails cut", \.cutTails),
      ("torn batches", \.tornBatches), ("segments without names", \.unnamedSegments),
      ("clean closes", \.cleanCloses),
    ]
  }
}
