import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Batches that come from another replica.
@Suite struct ReplicatedAppendTests {
  private let wreck = Wreck()

  private func bytes(
    _ base: Offset, _ count: Int = 1, epoch: LeaderEpoch = .none, size: Int = 440
  ) throws -> [UInt8] {
    var options = BatchOptions()
    options.baseOffset = base
    options.leaderEpoch = epoch
    let records = (0..<count).map { number in
      Record(
        value: [UInt8](repeating: UInt8(truncatingIfNeeded: base.rawValue), count: size),
        timestamp: .at(base.rawValue + Int64(number)))
    }
    return try RecordBatch.of(records, options).array
  }

  @discardableResult
  private func append(_ bytes: [UInt8], to log: Log) throws -> AppendReceipt {
    let receipt = try log.append(replicated: bytes.span.bytes)
    while log.runtime.step() {}
    return receipt
  }

  /// All bytes of a log, one batch behind the other.
  private func stored(_ log: Log) throws -> [UInt8] {
    var found: [UInt8] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() { found += batch.bytes.withUnsafeBytes { Array($0) } }
    return found
  }

  @Test(arguments: [LogConfiguration.TailWriter.mapped, .positional])
  func theyAreStoredAsTheyCame(_ writer: LogConfiguration.TailWriter) throws {
    let wreck = Wreck(tailWriter: writer)
    let log = try wreck.open()
    let batches = try [
      bytes(0, 3, epoch: 1), bytes(3, epoch: 1), bytes(4, 2), bytes(6, epoch: 5),
    ]
    let receipt = try append(batches.flatMap { $0 }, to: log)
    #expect(receipt == AppendReceipt(baseOffset: 0, nextOffset: 7, timestamp: .at(6)))
    #expect(try stored(log) == batches.flatMap { $0 })
    #expect(log.leaderEpoch == 5)
    #expect(
      log.leaderEpochs == [
        LeaderEpochStart(epoch: 1, startOffset: 0), LeaderEpochStart(epoch: 5, startOffset: 6),
      ])
    // Whoever leads goes on where the leader before has ended.
    try log.append(Wreck.record(7))
    #expect(try log.headers().last?.leaderEpoch == 5)
    try log.closeNow()
  }

  /// By a task, which waits for what it needs, and until all is durable.
  @Test(arguments: Place.all)
  func aTaskAppendsThem(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4 << 10))
      // Over rolls, and a gap that needs a segment's name.
      let batches =
        try (0..<12).map { try bytes(Offset(rawValue: $0), epoch: 1) }
        + [bytes(Offset(rawValue: 1 << 30), 2, epoch: 2)]
      let receipt = try await log.append(
        replicated: batches.flatMap { $0 }, durability: .durable)
      #expect(receipt.baseOffset == 0 && receipt.nextOffset == Offset(rawValue: (1 << 30) + 2))
      #expect(receipt.durability == .durable && log.durableEnd == log.end)
      #expect(log.segments.count > 1 && log.leaderEpoch == 2)
      #expect(try stored(log) == batches.flatMap { $0 })
      let failure = await asyncError {
        try await log.append(replicated: try bytes(3), durability: .durable)
      }
      #expect(failure?.code == .invalidArgument && failure?.appendedOffset == nil)
      try await log.close()
    }
  }

  /// Where the first ones are taken, and what comes behind meets with a failure, both are said.
  @Test(arguments: Place.all)
  func whatWasAppendedBeforeAFailure(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4 << 10),
        runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      disk.before { call throws(SystemError) in
        if call.call == .open, LogFileNames.spareNumber(call.name) != nil {
          throw SystemError(.open, .accessDenied)
        }
      }
      func batches(from base: Offset) throws -> [UInt8] {
        try (0..<40).flatMap { try bytes(base.advanced(by: $0)) }
      }
      let first = try batches(from: 0)
      let failure = error { try log.append(replicated: first.span.bytes) }
      #expect(failure?.appendedOffset == 0 && failure?.systemCall?.name == "open")
      let end = log.end
      #expect(end > 0 && end < 40)
      disk.before(nil)
      let rest = try batches(from: end)
      let receipt = try await log.append(replicated: rest, durability: .published)
      #expect(receipt.baseOffset == end && log.end == end.advanced(by: 40))
      try await log.close()
    }
  }

  /// The log's own clock says nothing of what others have written.
  @Test func theirTimesStay() throws {
    var wreck = wreck
    wreck.configuration.timestampType = .appendTime
    let log = try wreck.open()
    let batch = try bytes(0, 2)
    #expect(try append(batch, to: log).timestamp == .at(1))
    #expect(try stored(log) == batch)
    let segment = try #require(log.table.current.segments.last)
    #expect(segment.knownMaxTimestamp == .at(1))
    try log.closeNow()
  }

  /// Over rolls, and gaps of all kinds, closed and killed: all is found again.
  @Test(arguments: [nil, Crash.kill, .power])
  func gaps(_ crash: Crash?) throws {
    let log = try wreck.open()
    var all: [UInt8] = []
    var base: Offset = 3
    for number in 0..<40 {
      let batch = try bytes(base, 1 + number % 3, epoch: 2, size: 300)
      all += batch
      try append(batch, to: log)
      base = base.advanced(by: 1 + number % 3 + (number % 4 == 0 ? 0 : number * 100))
    }
    #expect(log.segments.count > 3)
    #expect(try stored(log) == all)
    let end = log.end
    if let crash {
      try log.flushNow()
      wreck.disk.crash(crash, seed: 3)
    } else {
      try log.closeNow()
    }
    let again = try wreck.open()
    #expect(again.recovery?.damage ?? [] == [])
    #expect(again.end == end)
    #expect(try stored(again) == all)
    try again.closeNow()
  }

  @Test func whatDoesNotFollowIsRefused() throws {
    let log = try wreck.open()
    try append(bytes(5, 3, epoch: 4), to: log)
    let cases: [([UInt8], LogError.Code)] = try [
      (bytes(4), .invalidArgument), (bytes(7, epoch: 4), .invalidArgument),
      (bytes(8, epoch: 3), .invalidArgument),
      (bytes(Offset(rawValue: (1 << 31) + 8)), .unsupported), ([], .invalidArgument),
      (Array(bytes(8).prefix(100)), .invalidArgument),
      (bytes(8, epoch: 4) + bytes(8, epoch: 4), .corrupt),
      (bytes(8, epoch: 5) + bytes(9, epoch: 4), .corrupt),
      (bytes(8) + bytes(9).map { $0 ^ ($0 == 9 ? 1 : 0) }, .corrupt),
    ]
    for (bytes, code) in cases {
      let before = try stored(log)
      let refusal = error { try append(bytes, to: log) }
      #expect(refusal?.code == code)
      #expect(try stored(log) == before)
      #expect(log.end == 8 && log.leaderEpoch == 4)
    }
    try append(bytes(8, epoch: 4), to: log)
    try log.closeNow()
  }

  @Test func aBatchThatIsNotWholeIsLeftOut() throws {
    let log = try wreck.open()
    let (first, second) = try (bytes(0), bytes(1))
    for count in [1, 60, 61, second.count - 1] {
      let log = try Wreck().open()
      let receipt = try append(first + second.prefix(count), to: log)
      #expect(receipt.nextOffset == 1)
      #expect(try stored(log) == first)
      try log.closeNow()
    }
    try log.closeNow()
  }

  /// What the leader took, a follower takes.
  @Test func theSizeIsTheLeaders() throws {
    var wreck = wreck
    wreck.configuration.maximumBatchByteCount = 1000
    let log = try wreck.open()
    let batches = try [bytes(0), bytes(1, size: 2000), bytes(2, size: 10_000), bytes(3)]
    for batch in batches { try append(batch, to: log) }
    #expect(try stored(log) == batches.flatMap { $0 })
    #expect(error { try log.append(Record(value: [UInt8](repeating: 1, count: 2000))) } != nil)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil)
    #expect(try stored(again) == batches.flatMap { $0 })
    try again.closeNow()
  }
}
