import VarveSystem
import VarveTesting

@testable import Varve

// How lives begin and end.

extension Simulation {
  /// The log, opened if need be.
  @discardableResult
  func openIfNeeded() throws -> Log {
    if life == nil { try begin() }
    guard let life else { throw SimulationFailure("the log did not open") }
    if !life.isRecognized { try recognize(life, after: lastCrash) }
    return life.log
  }

  /// Opens the log in a new life.
  func begin() throws {
    let runtime = LogRuntime(steppedBy: clock)
    let events = Events()
    let environment = LogEnvironment(
      fileSystem: fileSystem, time: clock, random: SeededRandom(seed: 1))
    let isLockLeft = fileSystem.files(in: Self.directory)[".lock"] != nil
    let log: Log
    do {
      log = try inPhase(.opening) {
        try openNow(settings.configuration(observer: events), runtime, environment)
      }
    } catch let error as LogError {
      // What a sync has failed to bring to the device is not looked for in memory by the next one.
      if error.isOfSync { noteEnd(.power) }
      throw error
    }
    if isLockLeft, lastCrash != nil { coverage.note(.lockTakenOver) }
    coverage.note(watch.take())
    life = Life(log, runtime, events)
    sight = Sight()
  }

  private func openNow(
    _ configuration: LogConfiguration, _ runtime: LogRuntime, _ environment: LogEnvironment
  ) throws -> Log {
    guard settings.saysOpenLate else {
      return try Log.open(
        at: Self.directory, configuration: configuration, runtime: runtime,
        environment: environment)
    }
    return try Log.openLate(at: Self.directory, configuration, runtime, environment)
  }

  /// Compares what was found with what may be found.
  private func recognize(_ life: Life, after crash: Crash?) throws {
    let log = life.log
    let found = try readAll(log)
    journal.append("  opened: \(log.start)..<\(log.end) of \(history.start)..<\(history.end)")
    let before = history
    if let crash {
      if log.end < history.end { coverage.note(.recordsDropped) }
      try history.recover(
        found, from: log.start, after: crash,
        mayHaveBegunAnew: log.segments[0].baseOffset == log.start && log.producers.entries.isEmpty)
    } else {
      try require(log.start == history.start, "closed, and the log starts at \(log.start)")
      try history.expectAll(found)
    }
    lastCrash = nil
    life.isRecognized = true
    noteSettled(before)
    // What nobody knew to be there was appended as the last one was.
    leaders.follow(history)
    followProducers(log, after: crash)
    try checkLeaders(log)
    try checkProducers(log)
    hear(life)
    try require(
      life.log.recovery?.damage.isEmpty ?? true,
      "damage was found where there is none: \(life.log.recovery?.damage ?? [])")
    // What is served after a crash is not lost by the next one.
    try require(
      life.log.durableEnd == life.log.end,
      "opened, and durable up to \(life.log.durableEnd) of \(life.log.end)")
    history.becameDurable(before: life.log.durableEnd)
    try checkSegments(life.log)
  }

  /// Takes note of what became of calls of which nobody heard the end.
  private func noteSettled(_ before: ModelLog) {
    if let cut = before.uncertainCut {
      let isCut = cut.end == history.end && (!cut.isFresh || cut.end == history.start)
      coverage.note(
        cut.isFresh ? isCut ? .restartKept : .restartLost : isCut ? .cutKept : .cutLost)
    } else if !before.uncertainStarts.isEmpty {
      coverage.note(history.start > before.start ? .deletionKept : .deletionLost)
    }
  }

  /// Segments follow each other without a gap.
  func checkSegments(_ log: Log) throws {
    let segments = log.segments
    for (segment, next) in zip(segments, segments.dropFirst()) {
      try require(
        segment.endOffset == next.baseOffset && segment.baseOffset < next.baseOffset,
        "segment \(segment.baseOffset) ends at \(segment.endOffset), the next one begins at "
          + "\(next.baseOffset)")
    }
    try require(segments.last?.endOffset == log.end, "the log's end is not its last segment's")
    try require(
      segments[0].baseOffset <= log.start,
      "the log starts at \(log.start), before its segments, at \(segments[0].baseOffset)")
  }

  /// Ends the life of the open log, now or after so many more operations.
  func planCrash(_ plan: CrashPlan, after count: Int) throws {
    try openIfNeeded()
    stop(as: plan, after: count)
    if count == 0 { fileSystem.stop() }
  }

  /// Lets the world end when so many more operations have changed something.
  func stop(as plan: CrashPlan, after count: Int) {
    plannedCrash = plan
    isCrashMidway = count > 0
    fileSystem.stop(afterOperation: fileSystem.mutationCount + count)
  }

  /// The world has stopped: crashes it as planned, and opens the log again.
  func endLife() throws {
    guard let plan = plannedCrash else { throw SimulationFailure("nobody stopped the world") }
    plannedCrash = nil
    noteCrash(plan)
    // What the old life still wants to do, it does to a world that stands still.
    life?.finish()
    journal.append("  \(plan)")
    try crash(plan)
    guard !CrashPlan.plainSeeds.contains(plan.seed) else { return }
    do {
      try recover(from: plan)
    } catch let error as LogError where isDiskFailing {
      try stepFailed(.open, error)
    }
  }

  private func recover(from plan: CrashPlan) throws {
    var random = SplitMix(seed: plan.seed)
    // The crash may come again before the log is open.
    while random.isOne(in: 3), try crashInRecovery(plan.crash, &random) {}
    try openIfNeeded()
    if random.isOne(in: 3) { try openAgain() }
  }

  private func crash(_ plan: CrashPlan) throws {
    let names = namesIfPower(plan.crash)
    fileSystem.crash(plan.crash, seed: plan.seed)
    if let names, Set((try? fileSystem.list(Self.directory)) ?? []) != Set(names) {
      coverage.note(.nameDropped)
    }
    // After a failed sync, memory is as good as lost.
    noteEnd(life?.hasFailedSync == true ? .power : plan.crash)
    let mutationCount = fileSystem.mutationCount
    life = nil
    held = []
    assert(fileSystem.mutationCount == mutationCount)
    try checkKafkaAfterCrash()
  }

  private func namesIfPower(_ crash: Crash) -> [String]? {
    guard crash == .power else { return nil }
    return try? fileSystem.fork().list(Self.directory)
  }

  /// Opens the log and stops the world in the midst of it. False if that was too late.
  private func crashInRecovery(_ crash: Crash, _ random: inout SplitMix) throws -> Bool {
    fileSystem.stop(afterOperation: fileSystem.mutationCount + random.number(below: 16))
    let next = CrashPlan(
      crash: random.isOne(in: 2) ? crash : .kill, seed: random.next())
    do {
      try begin()
    } catch  where fileSystem.isStopped {
      coverage.note(.crashInRecovery)
    } catch let error as LogError where isDiskFailing {
      try stepFailed(.open, error)
    }
    journal.append("  again, in opening: \(next)")
    try self.crash(next)
    return true
  }

  /// Nothing was done since the log was opened, so killing and opening it finds the same.
  func openAgain() throws {
    let before = try snapshot()
    journal.append("  opened once more")
    try crash(CrashPlan(crash: .kill, seed: 0))
    try openIfNeeded()
    try expectSame(before, try snapshot())
  }

  private func noteCrash(_ plan: CrashPlan) {
    coverage.note(watch.take())
    if isCrashMidway { coverage.note(watch.stoppedIn) }
    guard let life else { return }
    hear(life)
    if life.sight.isPoisoned { coverage.note(.crashWhilePoisoned) }
    guard life.log.segments.count(where: \.isActive) > 1 else { return }
    coverage.note(plan.crash == .kill ? .killWithUnsealedSegments : .cutWithUnsealedSegments)
  }
}
