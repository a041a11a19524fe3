import Varve
import VarveSystem
import VarveTesting

extension Passage {
  static let large = Step.append([2800], .spans)
  static let small = Step.append([300], .records)
  static let maintain = Step.maintain(2)
  static let close = Step.close(isRepeated: false)
  static let durable = Step.append([2800], .durable)
  /// A sync fails, and the log is let go of.
  static let failedSync = [
    Step.fail(.failing(.syncData, on: ".log", number: 1, .inputOutput, fromThenOn: false)),
    maintain, .mend,
  ]
  static let cut = Step.crash(CrashPlan(crash: .power, seed: CrashPlan.plainSeed), after: 0)
  private static let cutWithinSegments = Step.crash(
    CrashPlan(crash: .power, seed: CrashPlan.plainSeed - 1), after: 0)
  /// Ends the life, and leaves opening to the next step.
  static let kill = Step.crash(CrashPlan(crash: .kill, seed: CrashPlan.plainSeed), after: 0)
  /// Fills three segments, without any look by maintenance.
  static let twoRolls = Array(repeating: large, count: 4) + [small]
  /// Lets so much time pass after the last append that the log is parked.
  private static let park = [
    Step.pass(milliseconds: 200), maintain, .pass(milliseconds: 20_000), maintain,
  ]

  static let all =
    Settings.bothWriters.flatMap { settings in
      [
        Passage(
          name: "four appends", settings: settings, before: [.open, small, .flush],
          steps: [small, durable, small, small]),
        Passage(
          name: "durable appends across two rolls", settings: settings, before: [.open, large],
          steps: Array(repeating: durable, count: 2) + [large, large, durable]),
        Passage(
          name: "a new log", settings: settings, steps: [.open, small, .flush, small, maintain]),
        Passage(
          name: "a roll", settings: settings,
          steps: [.open, large, maintain, large, large, maintain, small, maintain]),
        Passage(
          name: "a roll in a log that was closed before", settings: settings,
          before: [small, close], steps: [large, maintain, large, large, small, maintain, small]),
        Passage(
          name: "two rolls before maintenance", settings: settings,
          steps: [.open] + twoRolls + [maintain, .pass(milliseconds: 200), maintain]),
        Passage(
          name: "closing", settings: settings, before: twoRolls + [small, small],
          steps: [close, .open, small]),
        Passage(
          name: "parking", settings: settings, before: [small, maintain, large],
          steps: park + [small] + park + [large, large]),
        Passage(
          name: "recovery that adopts two spares", settings: settings, before: twoRolls + [kill],
          steps: [.open, small]),
        adoptionBehindClosed(settings),
        Passage(
          name: "recovery of what a power cut left", settings: settings,
          before: [small, .flush] + twoRolls + [cut], steps: [.open, small]),
        Passage(
          name: "recovery after a failed sync", settings: settings,
          before: [small, .flush] + twoRolls + failedSync, steps: [.open, small]),
        Passage(
          name: "recovery that a sync fails in", settings: settings,
          before: [small, .flush] + twoRolls + [
            kill,
            .fail(.failing(.syncData, on: ".log", number: 1, .inputOutput, fromThenOn: false)),
          ],
          steps: [.open, .mend, .open, small]),
      ] + withoutSyncs(settings) + [withoutIndexes(settings)] + cuts(settings)
        + transactions(settings)
    } + inStore

  /// Of logs that are cut: within a segment, with segments behind it, and from the start on.
  private static func cuts(_ settings: Settings) -> [Passage] {
    [
      Passage(
        name: "a cut", settings: settings, before: [.open, small, small, large, .flush],
        steps: [.truncate(back: 2), small, durable], shows: .cut),
      Passage(
        name: "a cut that removes segments", settings: settings,
        before: [.open] + twoRolls + [.flush, small],
        steps: [.truncate(back: 5), durable, large, maintain, small], shows: .cutOfSegments),
      Passage(
        name: "a deletion", settings: settings, before: [.open] + twoRolls + [maintain, .flush],
        steps: [.deleteRecords(back: 2), durable, large, maintain, small], shows: .deletedSegments),
    ]
  }

  /// A transaction that comes to nothing.
  static let aborted = [
    Step.produce(1, .send([300], isTransactional: true, .batch)),
    .produce(1, .end(EndTransactionMarker(.aborted, coordinatorEpoch: 0), fences: false)),
  ]

  /// Of transactions that come to nothing, in segments that get their final form in each way.
  private static func transactions(_ settings: Settings) -> [Passage] {
    var unsynced = settings
    unsynced.syncPolicy = .never
    return [
      Passage(
        name: "transactions that are aborted", settings: settings, before: [.open, small],
        steps: aborted + twoRolls + [maintain] + aborted + [close], shows: .transactionIndexClosed),
      Passage(
        name: "aborted transactions without syncs, and a flush", settings: unsynced,
        before: [.open, small] + aborted, steps: twoRolls + [maintain, .flush, small],
        shows: .waitingFlush),
      Passage(
        name: "recovery of aborted transactions", settings: settings,
        before: [.open] + aborted + twoRolls + aborted + [kill], steps: [.open, small],
        shows: .abortedOverCrash),
    ]
  }

  /// A look-up finds that the index files are gone, and they are made anew.
  static func withoutIndexes(_ settings: Settings) -> Passage {
    Passage(
      name: "indexes that are lost", settings: settings,
      before: [.open] + twoRolls + [close, .loseIndexes],
      steps: [.lookUp(seed: 1), small, large, maintain])
  }

  /// Of logs whose policy is not to sync.
  private static func withoutSyncs(_ settings: Settings) -> [Passage] {
    var settings = settings
    settings.syncPolicy = .never
    return [
      Passage(
        name: "rolls without syncs, and a flush", settings: settings, before: [.open, small],
        steps: twoRolls + [maintain, .flush, small]),
      Passage(
        name: "closing without syncs before", settings: settings,
        before: [.open, small] + twoRolls + [maintain], steps: [close]),
      // Segments get their names without a sync.
      rollsWithoutSyncs(settings),
      // Of segments that got their names so, it may take one's end and leave the next.
      Passage(
        name: "recovery that removes segments", settings: settings,
        before: [.open, small] + twoRolls + [maintain, maintain, large, cutWithinSegments],
        steps: [.open, small]),
    ]
  }

  /// A segment that was closed has indexes, and they stand for it until they are replaced.
  static func adoptionBehindClosed(_ settings: Settings) -> Passage {
    Passage(
      name: "recovery that adopts a spare behind a segment that was closed", settings: settings,
      before: [small, small, small, close] + twoRolls + [kill], steps: [.open, small])
  }
}
