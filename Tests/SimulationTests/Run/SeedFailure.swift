import VarveTesting

/// What one needs to know of a simulation that failed.
struct SeedFailure: Sendable, CustomStringConvertible {
  let seed: UInt64
  let error: String
  let journal: String

  /// What lies further back is found by running the seed again, alone.
  private static let journalLineCount = 60

  init(seed: UInt64, error: any Error, in simulation: Simulation, isWhole: Bool = false) {
    self.seed = seed
    self.error = "\(error)"
    journal =
      (["\(simulation.settings)"]
      + simulation.journal.suffix(isWhole ? .max : Self.journalLineCount)
      + ["the disk:", "\(simulation.fileSystem.trace)"]).joined(separator: "\n")
  }

  var description: String { "seed \(seed), which VARVE_SIM_SEED=\(seed) runs again: \(text)" }

  var text: String { "\(error)\n\(journal)" }
}
