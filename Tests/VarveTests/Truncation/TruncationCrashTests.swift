import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A cut that ends anywhere leaves the log as it was, or as it was to be.
@Suite struct TruncationCrashTests {
  private static let end: Offset = 28
  private static let durable: Offset = 12

  private func make() throws -> (Wreck, Log) {
    let wreck = Wreck()
    let log = try wreck.open()
    try log.beginEpoch(1)
    try wreck.fill(log, upTo: 11)
    try log.beginEpoch(2)
    try wreck.fill(log, upTo: Self.durable)
    try log.flushNow()
    try log.beginEpoch(3)
    try wreck.fill(log, upTo: Self.end)
    return (wreck, log)
  }

  /// What is done to the log.
  enum Deed: Sendable {
    case cut(Offset)
    case restart(Offset)
    case delete(Offset)

    func perform(on log: Log) throws {
      switch self {
      case .cut(let offset): try log.truncateNow(to: offset)
      case .restart(let offset): try log.restartNow(at: offset)
      case .delete(let offset): try log.deleteRecordsNow(before: offset)
      }
    }

    /// The log's offsets, once it is done.
    var offsets: Range<Offset> {
      switch self {
      case .cut(let offset): 0..<offset
      case .restart(let offset): offset..<offset
      case .delete(let offset): offset..<TruncationCrashTests.end
      }
    }
  }

  static let deeds: [Deed] = [
    .cut(3), .cut(8), .cut(13), .cut(20), .cut(24), .cut(26), .restart(0), .restart(16),
    .restart(500), .delete(5), .delete(16), .delete(19), .delete(28),
  ]

  /// Stops the world at each operation of a deed, ends it, perhaps once more as the log is opened, and
  /// looks at what is there.
  @Test(arguments: deeds, [Crash.kill, .power])
  func anywhere(_ deed: Deed, _ crash: Crash) throws {
    var outcomes: Set<Bool> = []
    for count in 0... {
      let (wreck, log) = try make()
      let first = wreck.disk.mutationCount
      wreck.disk.stop(afterOperation: first + count)
      let failure = error { try deed.perform(on: log) }
      let isDone = failure == nil && !wreck.disk.isStopped
      for seed in 0..<(crash == .kill ? 2 : 4) as Range<UInt64> {
        let fork = wreck.fork()
        fork.disk.crash(crash, seed: seed)
        if seed % 2 == 1 { try crashInOpening(fork, crash, seed) }
        outcomes.insert(try look(fork, deed, crash, isDone: isDone, "\(count), seed \(seed)"))
      }
      if isDone { break }
      #expect(count < 400)
    }
    #expect(outcomes == [true, false])
  }

  private func crashInOpening(_ wreck: Wreck, _ crash: Crash, _ seed: UInt64) throws {
    wreck.disk.stop(afterOperation: wreck.disk.mutationCount + Int(seed) * 2)
    _ = try? wreck.open()
    wreck.disk.crash(crash, seed: seed + 100)
  }

  /// Expects the log of before or of after, and returns whether it is the one of after.
  private func look(
    _ wreck: Wreck, _ deed: Deed, _ crash: Crash, isDone: Bool, _ what: String
  ) throws -> Bool {
    let log = try wreck.open()
    let damage = log.recovery?.damage ?? []
    #expect(damage == [], "\(what)")
    let offsets = log.start..<log.end
    let records = try log.stored().filter { $0.offset >= log.start }
    #expect(records == Wreck.stored(offsets), "\(what)")
    let isAfter = isAfter(offsets, deed, crash)
    if isDone {
      #expect(isAfter, "\(what): \(offsets)")
    } else {
      #expect(isAfter || isBefore(offsets, crash), "\(what): \(offsets)")
    }
    expectLeaders(log, what)
    try wreck.fill(log, upTo: log.end.advanced(by: 10))
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil, "\(what)")
    #expect(again.start..<again.end == offsets.lowerBound..<log.end, "\(what)")
    try again.closeNow()
    return isAfter
  }

  private func isAfter(_ offsets: Range<Offset>, _ deed: Deed, _ crash: Crash) -> Bool {
    guard case .delete(let start) = deed, crash == .power else { return offsets == deed.offsets }
    return offsets.lowerBound == start
  }

  private func isBefore(_ offsets: Range<Offset>, _ crash: Crash) -> Bool {
    offsets.lowerBound == 0
      && (offsets.upperBound == Self.end || crash == .power && offsets.upperBound >= Self.durable)
  }

  private func expectLeaders(_ log: Log, _ what: String) {
    let starts: [Offset] = [0, 11, 12]
    let expected = starts.enumerated().compactMap { index, start -> LeaderEpochStart? in
      let next = index < 2 ? starts[index + 1] : Self.end
      guard log.start < Self.end, start < log.end, next > log.start else { return nil }
      return LeaderEpochStart(
        epoch: LeaderEpoch(rawValue: Int32(index + 1)), startOffset: max(start, log.start))
    }
    guard log.start < log.end else { return }
    #expect(log.leaderEpochs == expected, "\(what)")
  }

  /// Each operation fails once, or from then on: what is not done is not begun, or is done by the next
  /// opening.
  @Test(arguments: deeds, [Errno.inputOutput, .noSpace])
  func aDiskThatFails(_ deed: Deed, _ errno: Errno) throws {
    for number in 1... {
      let (wreck, log) = try make()
      wreck.disk.faults = .failing(number: number, with: errno, fromThenOn: number % 2 == 0)
      let failure = error { try deed.perform(on: log) }
      wreck.disk.faults = .none
      let what = "\(number) of \(errno)"
      if failure == nil {
        #expect(log.start..<log.end == deed.offsets, "\(what)")
      } else if log.start..<log.end == 0..<Self.end {
        let records = try log.stored()
        #expect(records == Wreck.stored(0..<Self.end), "\(what)")
      }
      let isRefusing = error { try log.append(Wreck.record(log.end)) } != nil
      if !isRefusing { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
      let again = try wreck.open()
      let damage = again.recovery?.damage ?? []
      #expect(damage == [], "\(what)")
      let records = try again.stored().filter { $0.offset >= again.start }
      #expect(records == Wreck.stored(again.start..<again.end), "\(what)")
      try again.closeNow()
      guard failure != nil else { break }
      #expect(number < 400)
    }
  }
}
