import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A log whose policy removes segments, and whose process ends as it does, starts where it did, or where it
/// was to start; and nothing is lost behind that.
@Suite struct RetentionCrashTests {
  private static let end: Offset = 44
  private static let start: Offset = 24

  /// Of six segments the three oldest are to go.
  private func make() throws -> (Wreck, Log) {
    var wreck = Wreck()
    let segmentByteCount = Wreck.perSegment * Wreck.batchByteCount
    wreck.configuration.cleaner = .delete(beyondBytes: 2 * segmentByteCount + segmentByteCount / 2)
    let log = try wreck.open()
    try wreck.fill(log, upTo: Self.end)
    try log.waitUntilDurableNow(Self.end)
    return (wreck, log)
  }

  /// Stops the world at each operation, and looks at many things that may be left.
  @Test(arguments: [Crash.kill, .power])
  func anywhere(_ crash: Crash) throws {
    var starts: Set<Offset> = []
    for count in 0... {
      let (wreck, log) = try make()
      wreck.disk.stop(afterOperation: wreck.disk.mutationCount + count)
      let failure = error { try log.cleanNow() }
      let isDone = failure == nil && !wreck.disk.isStopped
      for seed in 0..<(crash == .kill ? 2 : 8) as Range<UInt64> {
        let fork = wreck.fork()
        fork.disk.crash(crash, seed: seed)
        let what = Comment(rawValue: "\(count), seed \(seed)")
        try lookAsKafka(fork, what)
        if seed % 2 == 1 { crashInOpening(fork, crash, seed) }
        let found = try look(fork, what)
        if isDone { #expect(found == Self.start, what) }
        starts.insert(found)
      }
      if isDone { break }
      try #require(count < 200)
    }
    #expect(starts == [0, Self.start])
  }

  private func crashInOpening(_ wreck: Wreck, _ crash: Crash, _ seed: UInt64) {
    wreck.disk.stop(afterOperation: wreck.disk.mutationCount + Int(seed))
    _ = try? wreck.open()
    wreck.disk.crash(crash, seed: seed + 100)
  }

  private func look(_ wreck: Wreck, _ what: Comment) throws -> Offset {
    let log = try wreck.open()
    let damage = log.recovery?.damage ?? []
    #expect(damage == [], what)
    let start = log.start
    try Wreck.expect(log, end: Self.end)
    #expect(log.segments[0].baseOffset == start, what)
    // What was to go goes now, and the log goes on.
    try log.cleanNow()
    #expect(log.start == Self.start, what)
    try wreck.fill(log, upTo: Self.end.advanced(by: 10))
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil, what)
    try Wreck.expect(again, end: Self.end.advanced(by: 10))
    try again.closeNow()
    return start
  }

  /// Kafka, which is told where the log starts, serves what lies behind. It is not told by files of the
  /// partition's own: where it is not told, it starts with what is there.
  private func lookAsKafka(_ wreck: Wreck, _ what: Comment) throws {
    let disk = wreck.disk.fork()
    let start = SideFile.read(in: wreck.directory, disk)?.record.start ?? 0
    let outcome = try KafkaLoaderModel(of: wreck.directory, in: disk)
      .load(cleanly: false, recoveryPoint: 40, logStartOffset: start)
    #expect(outcome.logEndOffset == Self.end, what)
    let found = try outcome.records().map(\.offset).filter { $0 >= start }
    #expect(found == (start.rawValue..<Self.end.rawValue).map { Offset(rawValue: $0) }, what)
  }

  /// Each operation fails once, or from then on.
  @Test(arguments: [Errno.inputOutput, .noSpace])
  func aDiskThatFails(_ errno: Errno) throws {
    for number in 1... {
      let (wreck, log) = try make()
      let before = wreck.disk.operationCount
      wreck.disk.faults = .failing(number: number, with: errno, fromThenOn: number % 2 == 0)
      let failure = error { try log.cleanNow() }
      let hasMet = wreck.disk.operationCount - before >= number
      wreck.disk.faults = .none
      let what = Comment(rawValue: "\(number) of \(errno)")
      #expect([0, Self.start].contains(log.start), what)
      if failure == nil { #expect(log.start == Self.start, what) }
      let isRefusing = error { try log.append(Wreck.record(log.end)) } != nil
      if isRefusing { wreck.disk.crash(.kill, seed: 0) } else { try log.closeNow() }
      let again = try wreck.open()
      let damage = again.recovery?.damage ?? []
      #expect(damage == [], what)
      try Wreck.expect(again, end: again.end)
      try again.cleanNow()
      #expect(again.start == Self.start, what)
      try again.closeNow()
      guard hasMet else { break }
      try #require(number < 200)
    }
  }
}
