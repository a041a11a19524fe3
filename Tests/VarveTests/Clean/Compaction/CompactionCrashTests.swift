import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A compaction that ends anywhere leaves the log as it was, or as it was to be, for us and for Kafka.
@Suite struct CompactionCrashTests {
  private static let end: Offset = 28

  private func make() throws -> (KeyedWreck, Log) {
    var keyed = KeyedWreck()
    let log = try keyed.makeSmallSegments(upTo: Self.end)
    return (keyed, log)
  }

  /// Stops the world at each operation of a compaction of three segments into one, ends it, perhaps once
  /// more as the log is opened, and looks at what is there.
  @Test(arguments: [Crash.kill, .power])
  func anywhere(_ crash: Crash) throws {
    var outcomes: Set<Bool> = []
    for count in 0... {
      let (keyed, log) = try make()
      let first = keyed.disk.mutationCount
      keyed.disk.stop(afterOperation: first + count)
      let failure = error { try log.compactNow(below: 24) }
      let isDone = failure == nil && !keyed.disk.isStopped
      for seed in 0..<(crash == .kill ? 2 : 4) as Range<UInt64> {
        let fork = keyed.fork()
        fork.disk.crash(crash, seed: seed)
        let what = "\(count), seed \(seed)"
        try lookAsKafka(fork, isDone: isDone, what)
        if seed % 2 == 1 { try crashInOpening(fork, crash, seed) }
        outcomes.insert(try look(fork, isDone: isDone, what))
      }
      if isDone { break }
      try #require(count < 400)
    }
    #expect(outcomes == [true, false])
  }

  private func crashInOpening(_ keyed: KeyedWreck, _ crash: Crash, _ seed: UInt64) throws {
    keyed.disk.stop(afterOperation: keyed.disk.mutationCount + Int(seed) * 2)
    _ = try? keyed.open()
    keyed.disk.crash(crash, seed: seed + 100)
  }

  /// Expects the log of before or of after, and returns whether it is the one of after.
  private func look(_ keyed: KeyedWreck, isDone: Bool, _ what: String) throws -> Bool {
    let log = try keyed.open()
    let damage = log.recovery?.damage ?? []
    #expect(damage == [], "\(what)")
    #expect(log.start..<log.end == 0..<Self.end, "\(what)")
    let records = try log.stored()
    let isAfter = log.segments.count == 2
    let expected =
      isAfter ? keyed.compacted(below: 24, end: Self.end) : keyed.all(0..<Self.end)
    #expect(records == expected, "\(what)")
    #expect(log.segments.map(\.baseOffset) == (isAfter ? [0, 24] : [0, 8, 16, 24]), "\(what)")
    if isDone { #expect(isAfter, "\(what)") }
    #expect(keyed.names.allSatisfy { $0.split(separator: ".").count == 2 }, "\(what)")
    // It goes on, and is compacted once more.
    try keyed.fill(log, upTo: Self.end.advanced(by: 130))
    let base = try #require(log.segments.last).baseOffset
    _ = try log.compactNow(below: base)
    let left = keyed.compacted(below: base, end: log.end)
    let found = try log.stored()
    #expect(found == left, "\(what)")
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil, "\(what)")
    let last = try again.stored()
    #expect(last == left, "\(what)")
    try again.closeNow()
    return isAfter
  }

  /// Kafka's loader, run over what the crash left, finds all that was there.
  private func lookAsKafka(_ keyed: KeyedWreck, isDone: Bool, _ what: String) throws {
    let outcome = try KafkaLoaderModel(of: "/log", in: keyed.disk)
      .load(cleanly: false, recoveryPoint: 24)
    #expect(outcome.logEndOffset == Self.end, "\(what)")
    var found: [Offset] = []
    for base in outcome.segments {
      let bytes = try #require(outcome.files[SegmentFileName(base, .log).description])
      var walk = BatchWalk(bytes.span.bytes)
      while let batch = try walk.next() {
        try batch.checkIntegrity()
        if batch.header.recordCount > 0 { found.append(batch.header.baseOffset) }
      }
    }
    let isAfter = outcome.segments.count == 2
    let expected =
      isAfter ? keyed.compacted(below: 24, end: Self.end) : keyed.all(0..<Self.end)
    #expect(found == expected.map(\.offset), "\(what)")
    if isDone { #expect(isAfter, "\(what)") }
  }

  /// Each operation fails once, or from then on: the log is as it was, or the next opening finishes it.
  @Test(arguments: [Errno.inputOutput, .noSpace])
  func aDiskThatFails(_ errno: Errno) throws {
    for number in 1... {
      let (keyed, log) = try make()
      keyed.disk.faults = .failing(number: number, with: errno, fromThenOn: number % 2 == 0)
      let failure = error { try log.compactNow(below: 24) }
      keyed.disk.faults = .none
      let what = "\(number) of \(errno)"
      let table = try log.table()
      #expect(table.count == 3, "\(what)")
      let isRefusing = error { try log.append(keyed.record(log.end)) } != nil
      if isRefusing { keyed.disk.crash(.kill, seed: 0) } else { try log.closeNow() }
      let again = try keyed.open()
      let damage = again.recovery?.damage ?? []
      #expect(damage == [], "\(what)")
      let left = try again.stored()
      let isAfter = again.segments.count < 4
      let expected =
        isAfter ? keyed.compacted(below: 24, end: again.end) : keyed.all(0..<again.end)
      #expect(left == expected, "\(what)")
      #expect(keyed.names.allSatisfy { $0.split(separator: ".").count == 2 }, "\(what)")
      try again.closeNow()
      guard failure != nil else { break }
      try #require(number < 400)
    }
  }
}
