import Testing
import Varve
import VarveTesting

/// What the tests of a server do with the simulated machine: by what is public, and nothing else.
@Suite struct PublicUseTests {
  private let clock: ManualClock
  private let disk: SimulatedFileSystem

  init() {
    clock = ManualClock()
    disk = SimulatedFileSystem(clock: clock, seed: 42)
  }

  private func open(_ stepped: SteppedRuntime) async throws -> Log {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 16 << 10
    return try await Log.open(
      at: "data/orders-0", configuration: configuration, runtime: stepped.runtime,
      environment: .simulated(fileSystem: disk, clock: clock, random: SeededRandom(seed: 7)))
  }

  private func values() throws -> [[UInt8]?] {
    var found: [[UInt8]?] = []
    for batch in try KafkaLoaderModel(of: "data/orders-0", in: disk)
      .load(cleanly: false).recordBatches()
    {
      for record in try batch.records() { found.append(Record(copying: record).value) }
    }
    return found
  }

  /// Whatever a power cut leaves, it is the first part of what was appended, and the log and Kafka
  /// agree about it.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func aLogOutlivesAPowerCut(_ seed: UInt64) async throws {
    do {
      let stepped = SteppedRuntime(clock: clock)
      let log = try await open(stepped)
      for number in 0..<40 {
        try log.append(Record(key: "k", value: [UInt8](repeating: UInt8(number), count: 900)))
        stepped.step()
      }
      #expect(log.end == 40)
      disk.crash(.power, seed: seed)
      stepped.settle()
    }
    let stepped = SteppedRuntime(clock: clock)
    let log = try await open(stepped)
    let count = Int(log.end.rawValue)
    #expect(count <= 40)
    try await log.close()
    let expected = (0..<count).map { [UInt8](repeating: UInt8($0), count: 900) }
    #expect(try values() == expected, "seed \(seed)\n\(disk.trace)")
  }

  /// Files from outside are on the device, and say when they were changed, or that they were not.
  @Test func filesFromOutside() throws {
    try disk.write([1, 2, 3], to: "/data/orders-0/notes")
    let written = disk.modifications(in: "/data/orders-0")
    clock.advance(byMilliseconds: 10)
    try disk.write([4], to: "/data/orders-0/notes", keepsTime: true)
    #expect(disk.modifications(in: "/data/orders-0") == written)
    try disk.write([5, 6], to: "/data/orders-0/more")
    disk.crash(.power, seed: 1)
    #expect(disk.files(in: "/data/orders-0") == ["notes": [4], "more": [5, 6]])
    #expect(disk.modifications(in: "/data/orders-0")["more"] != written["notes"])
    try disk.remove("/data/orders-0/notes")
    disk.crash(.power, seed: 2)
    #expect(disk.files(in: "/data/orders-0") == ["more": [5, 6]])
    #expect(throws: LogError.self) { try disk.remove("/data/orders-0/notes") }
    #expect(throws: LogError.self) { try disk.write([1], to: "/data/orders-0") }
  }

  @Test func aKillLosesNothing() async throws {
    do {
      let stepped = SteppedRuntime(clock: clock)
      let log = try await open(stepped)
      for number in 0..<40 { try log.append(Record(value: [UInt8(number)])) }
      disk.crash(.kill, seed: 0)
      stepped.settle()
    }
    do {
      let log = try await open(SteppedRuntime(clock: clock))
      #expect(log.end == 40)
      try await log.close()
      #expect(try values() == (0..<40).map { [UInt8($0)] })
    }
    #expect(disk.openDescriptorCount == 0 && disk.mappingCount == 0)
  }

  @Test func aDiskThatFailsIsAnError() async throws {
    let log = try await open(SteppedRuntime(clock: clock))
    try log.append(Record(value: "before"))
    disk.faults = .failing(.syncData, by: .deviceError, fromThenOn: true)
    let syncs = disk.operationCount(of: .syncData)
    await #expect(throws: LogError.self) { try await log.close() }
    #expect(disk.operationCount(of: .syncData) > syncs)
    #expect(disk.trace.entries.contains { $0.errorNumber == 5 })
  }

  @Test func aFullDiskIsAnError() async throws {
    let log = try await open(SteppedRuntime(clock: clock))
    disk.faults = .full(at: 64 << 10)
    var count: UInt8 = 0
    let error = #expect(throws: LogError.self) {
      while count < 100 {
        try log.append(Record(value: [UInt8](repeating: count, count: 8000)))
        count += 1
      }
    }
    #expect(error?.code == .full)
    #expect(count > 0)
    disk.faults = .none
    try log.append(Record(value: [UInt8](repeating: count, count: 8000)))
    try await log.close()
    #expect(try values() == (0...count).map { [UInt8](repeating: $0, count: 8000) })
  }

  /// The same crash can be had again, of a copy, and another one of another copy.
  @Test func forksCrashApart() async throws {
    let stepped = SteppedRuntime(clock: clock)
    let log = try await open(stepped)
    for number in 0..<60 {
      try log.append(Record(value: [UInt8](repeating: UInt8(number), count: 900)))
    }
    stepped.settle()
    try log.append(Record(value: "not synced"))
    var outcomes: Set<[String: [UInt8]]> = []
    for seed in 0..<30 as Range<UInt64> {
      let (one, other) = (disk.fork(), disk.fork())
      one.crash(.power, seed: seed)
      other.crash(.power, seed: seed)
      #expect(one.files(in: "data/orders-0") == other.files(in: "data/orders-0"))
      outcomes.insert(one.files(in: "data/orders-0"))
    }
    #expect(outcomes.count > 1)
    try await log.close()
  }

  @Test func timePassesWhenItIsTold() async throws {
    let stepped = SteppedRuntime(clock: clock)
    let log = try await open(stepped)
    try log.append(Record(value: "now"))
    let before = clock.wallMilliseconds
    stepped.pass(milliseconds: 60_000)
    #expect(clock.wallMilliseconds == before + 60_000)
    let receipt = try log.append(Record(value: "later"))
    #expect(receipt.offset == 1)
    try await log.close()
    let outcome = try KafkaLoaderModel(of: "data/orders-0", in: disk).load(cleanly: true)
    let time = try outcome.first(atOrAfter: Timestamp(milliseconds: before + 1))
    #expect(time?.offset == 1)
    #expect(time?.timestamp?.rawValue == before + 60_000)
  }
}
