import Varve
import VarveSystem
import VarveTesting

extension Passage {
  /// Of logs that were closed, and say with their first change that they are open, whatever that is.
  static let inStore = Settings.bothWritersInStore.flatMap { settings in
    let closed = [Step.open] + twoRolls + [maintain, small, close]
    return [
      Passage(
        name: "a log that is opened and closed again", settings: settings, before: closed,
        steps: [.open, .scan, maintain, close, .open, small]),
      Passage(
        name: "first appends", settings: settings, before: closed,
        steps: [.open, small, maintain, small, durable, close]),
      Passage(
        name: "a first append that rolls", settings: settings, before: closed + [large, close],
        steps: [.open, large, large, large, maintain, small, maintain]),
      Passage(
        name: "first appends after a crash", settings: settings, before: closed + [.open, kill],
        steps: [.open, small, durable]),
      Passage(
        name: "a first change that is a cut", settings: settings, before: closed,
        steps: [.open, .truncate(back: 2), small, durable], shows: .cut),
      Passage(
        name: "a first change that is a deletion", settings: settings, before: closed,
        steps: [.open, .deleteRecords(back: 2), durable, large, maintain, small],
        shows: .deletedSegments),
      Passage(
        name: "a first change that is another leader", settings: settings, before: closed,
        steps: [.open, .lead, small, durable, maintain], shows: .leader),
      Passage(
        name: "a first change that is a transaction", settings: settings, before: closed,
        steps: [.open] + aborted + [maintain, close], shows: .transactionIndexClosed),
      ofAge(settings, closed), withIndexesLost(settings, closed), rollsWithoutSyncs(settings),
    ]
  }

  /// Maintenance rolls, though nobody appends.
  private static func ofAge(_ settings: Settings, _ closed: [Step]) -> Passage {
    var settings = settings
    settings.segmentAge = .seconds(30)
    return Passage(
      name: "a first change that is a roll by age", settings: settings, before: closed,
      steps: [.open, .pass(milliseconds: 60_000), maintain, maintain, small, maintain])
  }

  /// A reader finds that index files are gone, and they are made anew.
  private static func withIndexesLost(_ settings: Settings, _ closed: [Step]) -> Passage {
    Passage(
      name: "a first change that is an index", settings: settings, before: closed + [.loseIndexes],
      steps: [.open, .lookUp(seed: 1), maintain, close, .open, small])
  }

  /// What says that the log is open is the first thing that a power cut takes.
  static func rollsWithoutSyncs(_ settings: Settings) -> Passage {
    var settings = settings
    settings.syncPolicy = .never
    return Passage(
      name: "rolls without syncs in a log that was closed before", settings: settings,
      before: [small, close], steps: [.open] + twoRolls + [maintain, small])
  }
}
