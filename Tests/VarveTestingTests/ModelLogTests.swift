import Testing
import Varve
import VarveTesting

@Suite struct ModelLogTests {
  private let first = [Record(value: "a"), Record(value: "b")]
  private let second = [Record(value: "c")]

  private func model(durable: Offset = 0) -> ModelLog {
    var model = ModelLog()
    model.append(first)
    model.append(second)
    model.becameDurable(before: durable)
    return model
  }

  // MARK: Reading

  @Test func allIsExpectedAndNothingElse() throws {
    #expect(model().end == 3)
    try model().expectAll(first + second)
    let wrong = [first, first + second + second, second + first, [first[0], second[0], first[1]]]
    for found in wrong {
      #expect(throws: ModelLog.Mismatch.self) { try model().expectAll(found) }
    }
  }

  @Test func aPrefixHasWhatIsDurable() throws {
    try model(durable: 1).expectPrefix(first, before: 2)
    #expect(throws: ModelLog.Mismatch.self) { try model(durable: 3).expectPrefix(first, before: 2) }
    #expect(throws: ModelLog.Mismatch.self) { try model().expectPrefix(first, before: 3) }
  }

  // MARK: Cutting

  @Test func batchesAreCutAsAWhole() throws {
    for (offset, kept) in [(0, []), (1, []), (2, first), (3, first + second), (9, first + second)]
      as [(Offset, [Record])]
    {
      var model = model(durable: 1)
      model.truncate(to: offset)
      try model.expectAll(kept)
      #expect(model.durableEnd == (offset < 3 ? model.end : 1))
    }
  }

  @Test func aCutOfWhichNobodyHeardTheEnd() throws {
    for (found, crash, isPossible) in [
      (first, .kill, true), (first + second, .kill, true), (first, .power, true),
      ([], .power, false),
      ([], .kill, false),
    ] as [([Record], Crash, Bool)] {
      var model = model(durable: 3)
      model.truncationFailed(to: 2)
      if isPossible {
        try model.recover(found, after: crash)
        try model.expectAll(found)
        #expect(model.uncertainCut == nil)
      } else {
        #expect(throws: ModelLog.Mismatch.self) { try model.recover(found, after: crash) }
      }
    }
  }

  @Test func aCutBeforeTheStartLeavesNothingBehindIt() throws {
    var model = model(durable: 3)
    model.deleteRecords(before: 1)
    model.truncate(to: 1)
    // The batch goes whole, and the log starts before it did.
    #expect(model.start == 0 && model.end == 0)
    try model.expectAll([])
  }

  @Test func aLogBeginsAnew() throws {
    var model = model()
    model.restart(at: 40)
    #expect(model.start == 40 && model.end == 40 && model.durableEnd == 40)
    model.append(second)
    #expect(model.record(at: 40) == second[0] && model.record(at: 39) == nil)
    #expect(model.record(at: 41) == nil)
    model.truncate(to: 7)
    #expect(model.end == 7)
  }

  @Test(arguments: [Crash.kill, .power])
  func aBeginningOfWhichNobodyHeardTheEnd(_ crash: Crash) throws {
    var model = model(durable: 3)
    model.restartFailed(at: 2)
    var other = model
    try other.recover(first + second, from: 0, after: crash)
    #expect(other.end == 3)
    // Two records are left, or none from there on.
    #expect(throws: ModelLog.Mismatch.self) { try model.recover(first, from: 0, after: crash) }
    model.restartFailed(at: 2)
    try model.recover([], from: 2, after: crash)
    #expect(model.start == 2 && model.end == 2)
  }

  // MARK: Deleting

  @Test func whatIsDeletedIsNotThere() throws {
    var model = model()
    model.deleteRecords(before: 1)
    model.deleteRecords(before: 0)
    #expect(model.start == 1 && model.end == 3 && model.durableEnd == 1)
    #expect(model.record(at: 0) == nil && model.record(at: 1) == first[1])
    try model.expectAll([first[1]] + second)
    #expect(throws: ModelLog.Mismatch.self) { try model.expectAll(first + second) }
    try model.recover([first[1]] + second, from: 1, after: .kill)
    #expect(throws: ModelLog.Mismatch.self) {
      try model.recover(first + second, from: 0, after: .kill)
    }
  }

  @Test func aDeletionOfWhichNobodyHeardTheEnd() throws {
    for start in [0, 1, 3, 2] as [Offset] {
      var model = model(durable: 3)
      model.deletionFailed(before: 1)
      model.deletionFailed(before: 3)
      let found = Array((first + second).dropFirst(Int(start.rawValue)))
      if start == 2 {
        #expect(throws: ModelLog.Mismatch.self) {
          try model.recover(found, from: start, after: .power)
        }
      } else {
        try model.recover(found, from: start, after: .power)
        #expect(model.start == start && model.end == 3 && model.uncertainStarts.isEmpty)
      }
    }
  }

  @Test func aTimeThatTheClockGaveIsAnyTime() throws {
    let time = Timestamp(milliseconds: 7)
    var model = ModelLog()
    model.append([Record(value: "now"), Record(value: "then", timestamp: time)])
    let now = Record(value: "now", timestamp: Timestamp(milliseconds: 99))
    try model.expectAll([now, Record(value: "then", timestamp: time)])
    #expect(throws: ModelLog.Mismatch.self) {
      try model.expectAll([now, Record(value: "then", timestamp: Timestamp(milliseconds: 8))])
    }
    #expect(model.firstOffset(at: time) == 1)
    #expect(model.firstOffset(at: Timestamp(milliseconds: 8)) == nil)
  }

  // MARK: Crashes

  @Test func aKillTakesNothing() throws {
    var model = model()
    #expect(throws: ModelLog.Mismatch.self) { try model.recover(first, after: .kill) }
    try model.recover(first + second, after: .kill)
    #expect(model.end == 3)
  }

  @Test func aPowerCutTakesWholeBatchesThatAreNotDurable() throws {
    var model = model(durable: 2)
    #expect(throws: ModelLog.Mismatch.self) { try model.recover([], after: .power) }
    #expect(throws: ModelLog.Mismatch.self) { try model.recover([first[0]], after: .power) }
    try model.recover(first, after: .power)
    #expect(model.records == first && model.durableEnd == 2)
    #expect(throws: ModelLog.Mismatch.self) { try model.expectAll(first + second) }
  }

  @Test func aBatchWithinIsNoEnd() {
    var model = model()
    let mismatch = #expect(throws: ModelLog.Mismatch.self) {
      try model.recover([first[0]], after: .power)
    }
    #expect(mismatch?.description == "the log ends within a batch, at 1")
  }

  @Test func whatFailedMayBeThereWholeOrNot() throws {
    let failed = [Record(value: "x"), Record(value: "y")]
    var model = model()
    model.appendFailed(failed)
    var other = model
    try other.recover(first + second, after: .kill)
    #expect(other.uncertain.isEmpty && other.end == 3)
    #expect(throws: ModelLog.Mismatch.self) {
      try model.recover(first + second + [failed[0]], after: .kill)
    }
    try model.recover(first + second + failed, after: .kill)
    #expect(model.end == 5)
  }

  @Test func whatWasAppendedInItsPlaceIsThere() {
    var model = ModelLog()
    model.appendFailed(first)
    model.append(second)
    #expect(throws: ModelLog.Mismatch.self) { try model.recover(second + first, after: .power) }
  }

  // MARK: With a log

  /// The example of the documentation.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func aLogIsComparedOverAPowerCut(_ seed: UInt64) async throws {
    let clock = ManualClock()
    let disk = SimulatedFileSystem(clock: clock, seed: seed)
    var model = ModelLog()
    do {
      let stepped = SteppedRuntime(clock: clock)
      let log = try await open(disk, clock, stepped)
      for number in 0..<12 {
        let records = (0..<3).map { Record(key: "\(number)", value: "record \($0)") }
        try log.append(records)
        model.append(records)
        if number == 5 { model.becameDurable(before: try await log.flush()) }
      }
      try Self.expectAll(of: model, in: log)
      disk.crash(.power, seed: seed)
      stepped.settle()
    }
    let log = try await open(disk, clock, SteppedRuntime(clock: clock))
    try model.recover(Self.records(of: log), after: .power)
    #expect(model.end >= 18)
    try await log.close()
    let outcome = try KafkaLoaderModel(of: Self.directory, in: disk).load(cleanly: true)
    try model.expectKept(outcome.records())
    try model.expectAll(outcome.records().map(\.record))
  }

  private static let directory = "data/orders-0"

  private func open(
    _ disk: SimulatedFileSystem, _ clock: ManualClock, _ stepped: SteppedRuntime
  ) async throws -> Log {
    try await Log.open(
      at: Self.directory, runtime: stepped.runtime,
      environment: .simulated(fileSystem: disk, clock: clock, random: SeededRandom(seed: 7)))
  }

  private static func expectAll(of model: ModelLog, in log: Log) throws {
    try model.expectAll(records(of: log))
  }

  private static func records(of log: Log) throws -> [Record] { try ModelLog.records(of: log) }
}
