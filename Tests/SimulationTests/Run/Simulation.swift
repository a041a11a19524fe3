import Varve
import VarveSystem
import VarveTesting

/// Does a program's steps to a log on a simulated disk, and compares the log with its history.
///
/// All is done on the caller's thread: the runtime is stepped, the clock stands still, and crashes
/// come where the program has them. The same program does the same again.
final class Simulation {
  static let directory = "data/orders-0"

  let settings: Settings
  let clock: ManualClock
  let fileSystem: SimulatedFileSystem
  /// Which syncs do nothing, for tests of the simulation itself.
  let mutation: SyncMutation?
  let watch = Watch()

  var history = ModelLog()
  /// Under whom the records were appended.
  var leaders = Leaders()
  /// What the log has of producers, and what they have sent.
  var producers = ProducerModel()
  var clients = (0..<ProducerClient.count).map { ProducerClient(id: Int64($0)) }
  var source = RecordSource()
  var coverage = Coverage()
  /// What was done, and what came of it.
  var journal: [String] = []
  var rollCount = 0
  /// Whether the disk may fail as a test has it, what appends said to that, and what all calls said.
  var isDiskFailing = false
  var refusals: [LogError] = []
  var failures: [LogError] = []
  /// Slices that outlive what is done to the log.
  var held: [HeldSlice] = []
  var sight = Sight()
  /// How many operations there were when the log was closed last.
  var closedAt: Int?
  /// Whether nothing has happened to the log since it was closed, but that the power was cut.
  var wasClosed = false
  /// Index files that somebody has taken away: they are there again when they are needed.
  var lostIndexes: Set<String> = []

  var life: Life? {
    didSet { watch.log = life?.log }
  }
  /// How the life is to end that has been told to.
  var plannedCrash: CrashPlan?
  /// Whether the world stops within an operation.
  var isCrashMidway = false
  /// How the last life ended, if no log has been opened since.
  var lastCrash: Crash?
  /// Whether a world that stops is left as it is, for whoever looks at that.
  var standsStill = false

  convenience init(
    _ settings: Settings, seed: UInt64 = 0, traceLimit: Int = 256, mutation: SyncMutation? = nil
  ) {
    let clock = ManualClock()
    self.init(
      settings, clock,
      SimulatedFileSystem(clock: clock, kind: settings.kind, seed: seed, traceLimit: traceLimit),
      mutation)
  }

  private init(
    _ settings: Settings, _ clock: ManualClock, _ fileSystem: SimulatedFileSystem,
    _ mutation: SyncMutation?
  ) {
    self.settings = settings
    self.clock = clock
    self.fileSystem = fileSystem
    self.mutation = mutation
    fileSystem.onOperation = { [watch] call, path in watch.note(call, path) }
    fileSystem.silencedSyncs = mutation?.silence(watch)
  }

  /// Goes on after a power cut, which has left this disk of the other one's.
  convenience init(goingOnFrom other: Simulation, on disk: SimulatedFileSystem) {
    self.init(other.settings, other.clock, disk, other.mutation)
    history = other.history
    leaders = other.leaders
    producers = other.producers
    clients = other.clients
    source = other.source
    journal = other.journal
    lostIndexes = other.lostIndexes
    wasClosed = other.closedAt == other.fileSystem.mutationCount
    disk.faults = .none
    lastCrash = .power
  }

  /// Does the steps, closes the log and opens it once more.
  func run(_ steps: [Step]) throws {
    for step in steps { try perform(step) }
    try perform(.mend)
    try perform(.release)
    try perform(.close(isRepeated: true))
    try perform(.scan)
    coverage.noteProgram(steps: steps.count, rolls: rollCount)
  }

  /// Does a step, and what the crash leads to that it may run into.
  func perform(_ step: Step) throws {
    journal.append("\(step)")
    do {
      try attempt(step)
    } catch let error as SimulationFailure {
      throw error
    } catch let mismatch as ModelLog.Mismatch {
      throw mismatch
    } catch  where fileSystem.isStopped {
      // What the world's end does to a call says nothing.
    } catch let error as LogError where isDiskFailing {
      try stepFailed(step, error)
    }
    if fileSystem.isStopped, !standsStill { try endLife() }
    try lookAround()
  }

  private func attempt(_ step: Step) throws {
    switch step {
    case .append(let sizes, let form): try append(sizes, form)
    case .maintain(let count): try maintain(count)
    case .pass(let milliseconds): clock.advance(byMilliseconds: Int64(milliseconds))
    case .flush: try flush()
    case .scan: try scan()
    case .lookUp(let seed): try lookUp(seed: seed)
    case .close(let isRepeated):
      try close()
      if isRepeated, !fileSystem.isStopped { try repeatClose() }
    case .open: try openIfNeeded()
    case .hold(let seed): try hold(seed: seed)
    case .release: try release()
    case .lead: try lead()
    case .truncate(let count): try truncate(back: count)
    case .restart(let distance): try restart(distance)
    case .deleteRecords(let count): try deleteRecords(back: count)
    case .produce(let id, let deed): try produce(id, deed)
    case .readCommitted(let seed): try readCommitted(seed: seed)
    case .loseIndexes: try loseIndexes()
    case .abandon: try abandon()
    case .fail(let fault): fail(fault)
    case .mend: try mend()
    case .crash(let plan, let count): try planCrash(plan, after: count)
    }
  }

  /// Does something as part of a phase, in which a mutation may be in force.
  func inPhase<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
    let outer = watch.phase
    watch.phase = phase
    defer {
      watch.phase = outer
      watch.lastPhase = phase
    }
    return try body()
  }

  var now: Timestamp { Timestamp(milliseconds: clock.wallMilliseconds) }
}
