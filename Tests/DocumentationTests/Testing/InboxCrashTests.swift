import Testing
import Varve
import VarveTesting

/// The tests of the article "Testing".
@Suite struct InboxCrashTests {
  private let clock: ManualClock
  private let disk: SimulatedFileSystem

  init() {
    clock = ManualClock()
    disk = SimulatedFileSystem(clock: clock)
  }

  private func open(_ configuration: LogConfiguration = LogConfiguration()) async throws -> Inbox {
    try await Inbox.open(
      at: "data/inbox-0", configuration: configuration,
      runtime: SteppedRuntime(clock: clock).runtime,
      environment: .simulated(fileSystem: disk, clock: clock, random: SeededRandom(seed: 1)))
  }

  /// Accepts messages until one is refused, and returns those that were not.
  private func fill(_ inbox: Inbox) async -> [String] {
    var accepted: [String] = []
    for number in 0..<20 {
      let message = "message \(number)"
      guard (try? await inbox.accept(message)) != nil else { break }
      accepted.append(message)
    }
    return accepted
  }

  /// The power goes at each operation in turn that changes something.
  @Test(arguments: 0..<60)
  func whatWasAcceptedOutlivesAPowerCut(atOperation number: Int) async throws {
    let inbox = try await open()
    disk.stop(afterOperation: disk.mutationCount + number)
    let accepted = await fill(inbox)
    disk.crash(.power, seed: UInt64(number))

    let found = try await open().messages()
    // One more may be there: that which was on its way.
    #expect(found.starts(with: accepted), "operation \(number)\n\(disk.trace)")
    #expect(found.count <= accepted.count + 1)
  }

  @Test func aSyncThatFailsIsNoAcceptance() async throws {
    let inbox = try await open()
    try await inbox.accept("before")
    disk.faults = .failing(.syncData, by: .deviceError)
    let error = await #expect(throws: LogError.self) { try await inbox.accept("meanwhile") }
    #expect(error?.code == .poisoned)
    #expect(error?.appendedOffset == 1)
    // The disk is in order again, and the log does not believe it.
    await #expect(throws: LogError.self) { try await inbox.accept("after") }

    disk.crash(.power, seed: 7)
    let found = try await open().messages()
    #expect(found.first == "before")
    #expect(!found.contains("after"))
  }

  @Test func aFullDiskIsAnAnswer() async throws {
    let inbox = try await open()
    disk.faults = .full(at: 64 << 10)
    var count = 0
    let error = await #expect(throws: LogError.self) {
      while count < 100 {
        try await inbox.accept(String(repeating: "x", count: 8000))
        count += 1
      }
    }
    #expect(error?.code == .full)
    disk.faults = .none
    try await inbox.accept("there is room again")
    #expect(try await inbox.messages().count == count + 1)
  }

  @Test func messagesGoAfterADay() async throws {
    var configuration = LogConfiguration()
    configuration.cleaner = .delete(olderThan: .seconds(86_400))
    let stepped = SteppedRuntime(clock: clock)
    let inbox = try await Inbox.open(
      at: "data/inbox-0", configuration: configuration, runtime: stepped.runtime,
      environment: .simulated(fileSystem: disk, clock: clock, random: SeededRandom(seed: 1)))
    try await inbox.accept("old")
    stepped.pass(milliseconds: 2 * 86_400_000)
    #expect(try await inbox.messages().isEmpty)
  }

  @Test func kafkaTakesTheDirectory() async throws {
    let inbox = try await open()
    let accepted = await fill(inbox)
    try await inbox.log.close()

    let outcome = try KafkaLoaderModel(of: "data/inbox-0", in: disk).load(cleanly: true)
    #expect(outcome.removed.isEmpty && outcome.altered.isEmpty)
    let found = try outcome.records().map { String(decoding: $0.record.value ?? [], as: UTF8.self) }
    #expect(found == accepted)
  }

  /// Appends that wait for nothing: a model says what a crash may leave of them.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func whatIsLeftIsAPrefix(_ seed: UInt64) async throws {
    var model = ModelLog()
    do {
      let log = try await open().log
      for number in 0..<10 {
        let record = Record(value: "message \(number)")
        try log.append(record)
        model.append([record])
        if number == 4 { model.becameDurable(before: try await log.flush()) }
      }
    }
    disk.crash(.power, seed: seed)

    let log = try await open().log
    try model.recover(ModelLog.records(of: log), after: .power)
    #expect(log.end >= 5)
  }
}
