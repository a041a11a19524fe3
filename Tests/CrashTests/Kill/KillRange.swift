import Foundation

/// Which rounds are run: one a seed.
struct KillRange: Sendable {
  var seeds: Range<UInt64>

  private static let defaultCount: UInt64 = 12
  /// So many are enough to expect what is counted, and so many what is rare, too.
  private static let broadCount = 50
  private static let fullCount = 500
  /// Rounds that a directory lives through.
  private static let roundsPerLife: UInt64 = 6

  /// `VARVE_CRASH_KILLS` rounds, from `VARVE_CRASH_FIRST` on.
  static var ofEnvironment: KillRange {
    let first = number("VARVE_CRASH_FIRST") ?? 1
    return KillRange(seeds: first..<first + (number("VARVE_CRASH_KILLS") ?? defaultCount))
  }

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  var isBroad: Bool { seeds.count >= Self.broadCount }
  var isFull: Bool { seeds.count >= Self.fullCount }

  /// The rounds of each place, by the directories that they share. A seed's place and its
  /// neighbours do not depend on where the range begins.
  func lives(in place: Int, of placeCount: Int) -> [[Round]] {
    let seeds = seeds.filter { $0 % UInt64(placeCount) == UInt64(place) }
    let groups = Dictionary(grouping: seeds) { $0 / UInt64(placeCount) / Self.roundsPerLife }
    return groups.sorted { $0.key < $1.key }.map { $0.value.map { Round(seed: $0) } }
  }

  struct Outcome: Sendable {
    var coverage = CrashCoverage()
    var failures: [String] = []
  }

  /// Runs the rounds of all places side by side; each place ends with its first failure.
  func run() async throws -> Outcome {
    let places = CrashPlace.all
    return try await withThrowingTaskGroup(of: Outcome.self) { group in
      for (number, place) in places.enumerated() {
        let lives = lives(in: number, of: places.count)
        group.addTask { try await onThread { Self.run(lives, in: place) } }
      }
      return try await group.reduce(into: Outcome()) { sum, outcome in
        sum.coverage.add(outcome.coverage)
        sum.failures += outcome.failures
      }
    }
  }

  private static func run(_ lives: [[Round]], in place: CrashPlace) -> Outcome {
    var outcome = Outcome()
    for rounds in lives where outcome.failures.isEmpty {
      let life = Life(place)
      do {
        try life.run(rounds)
      } catch {
        outcome.failures.append("\(error)")
      }
      outcome.coverage.add(life.coverage)
    }
    return outcome
  }
}
