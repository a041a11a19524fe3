import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs of which nothing is known: Kafka wrote them, or compacted them, or somebody copied them.
@Suite struct ForeignLogTests {
  private let wreck: Wreck

  init() { wreck = Wreck() }

  private init(_ wreck: Wreck) { self.wreck = wreck }

  private func segment(_ offsets: [Offset]) throws -> [UInt8] {
    try offsets.flatMap { offset in
      var options = BatchOptions()
      options.baseOffset = offset
      return try RecordBatch.of([Wreck.record(offset)], options).array
    }
  }

  private func write(_ base: Offset, _ bytes: [UInt8]) throws {
    let file = try OpenFile(wreck.path(base).log, .writingOrCreating, in: wreck.disk)
    try file.truncate(to: 0)
    try file.write(bytes.span.bytes, at: 0)
    try file.syncData()
  }

  /// A compacted log: gaps within segments, and at their ends.
  private func makeCompacted() throws -> [Offset] {
    if (try? wreck.disk.status(at: "/log")) == nil { try wreck.disk.makeDirectory("/log") }
    let parts: [(base: Offset, offsets: [Offset])] = [
      (0, [0, 1, 5]), (10, [12]), (20, []), (30, [30, 33]), (40, [41, 42]),
    ]
    for part in parts { try write(part.base, try segment(part.offsets)) }
    try wreck.disk.syncDirectory("/log")
    try wreck.disk.syncDirectory("/")
    return parts.flatMap(\.offsets)
  }

  private func expect(
    _ log: Log, _ offsets: [Offset], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(log.recovery?.damage ?? [] == [], sourceLocation: sourceLocation)
    #expect(log.recovery?.removedSegmentCount ?? 0 == 0, sourceLocation: sourceLocation)
    #expect(try log.stored().map(\.offset) == offsets, sourceLocation: sourceLocation)
    for offset in log.start.rawValue..<log.end.rawValue {
      let offset = Offset(rawValue: offset)
      let expected = offsets.contains(offset) ? Wreck.record(offset) : nil
      #expect(try log.recordNow(at: offset) == expected, sourceLocation: sourceLocation)
    }
    #expect(try log.sliceParts(passing: []) == offsets, sourceLocation: sourceLocation)
  }

  /// What compaction took is not lost, in this life of the log and in each that follows.
  @Test(arguments: [nil, Crash.kill, .power])
  func aCompactedLog(_ crash: Crash?) throws {
    var offsets = try makeCompacted()
    for _ in 0..<4 {
      let log = try wreck.open()
      try expect(log, offsets)
      offsets.append(log.end)
      try log.appendDurably(Wreck.record(log.end))
      if let crash { wreck.disk.crash(crash, seed: 5) } else { try log.closeNow() }
    }
  }

  /// An opening that ends in a failed sync, or in a crash, makes it no log of which all is known.
  @Test(arguments: 1...60)
  func anOpeningThatIsInterrupted(_ number: Int) throws {
    for mode in 0..<3 {
      let wreck = wreck.fork()
      let inner = ForeignLogTests(wreck)
      var offsets = try inner.makeCompacted()
      switch mode {
      case 0:
        wreck.disk.faults = .failing(.syncData, number: number, with: .inputOutput)
        _ = try? wreck.open()
        wreck.disk.faults = .none
      default:
        wreck.disk.stop(afterOperation: wreck.disk.mutationCount + number)
        _ = try? wreck.open()
        wreck.disk.crash(mode == 1 ? .power : .kill, seed: UInt64(number))
      }
      let log = try wreck.open()
      try inner.expect(log, offsets)
      offsets.append(log.end)
      try log.appendDurably(Wreck.record(log.end))
      try inner.expect(log, offsets)
      try log.closeNow()
    }
  }

  /// Kafka has compacted the log, and gone on with it, since it was closed.
  @Test func aVisitOfKafkas() throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 45)
    try log.closeNow()
    for base: Offset in [8, 16, 24, 32] { try wreck.remove(base) }
    let offsets = try makeCompacted()
    let again = try wreck.open()
    #expect(again.end == 43)
    try expect(again, offsets)
    try again.closeNow()
    try expect(try wreck.open(), offsets)
  }

  /// Leaders that go back from one segment to the next keep nobody from reading.
  @Test func leadersThatGoBack() throws {
    for (base, epoch) in [(0, 3), (1, 1)] as [(Offset, LeaderEpoch)] {
      var options = BatchOptions()
      (options.baseOffset, options.leaderEpoch) = (base, epoch)
      let batch = try RecordBatch.of([Wreck.record(base)], options)
      try wreck.disk.write(batch.array, to: wreck.path(base).log)
    }
    for _ in 0..<2 {
      let log = try wreck.open()
      #expect(try log.stored() == Wreck.stored(0..<2))
      try log.closeNow()
    }
  }

  /// A torn end is cut, and damage before it is damage.
  @Test func damageAndATornEnd() throws {
    _ = try makeCompacted()
    let torn = try segment([40, 43, 44, 45, 46]) + segment([47]).prefix(200)
    try write(40, torn)
    try wreck.write([1], to: wreck.path(40).log, at: 600)
    let log = try wreck.open()
    let part = DamagedRange(segmentBaseOffset: 40, offsets: 41..<44, positions: 512..<1024)
    #expect(log.recovery?.damage == [part])
    #expect(log.recovery?.cutByteCount == 200 && log.recovery?.cutOffset == 47)
    #expect(log.end == 47)
    try log.closeNow()
  }

  /// Without the entries that say so, what compaction took would seem to be lost later on.
  @Test func aFullDisk() throws {
    try wreck.disk.makeDirectory("/log")
    let bases = (0..<40).map { Offset(rawValue: $0 * 10) }
    for base in bases { try write(base, try segment([base])) }
    wreck.disk.faults = .full(at: (bases.count + 4) * 4096)
    #expect(error { try wreck.open() }?.code == .full)
    wreck.disk.faults = .none
    try expect(try wreck.open(), bases)
    wreck.disk.crash(.kill, seed: 0)
    try expect(try wreck.open(), bases)
  }

  /// A copy has all the bytes, and other files.
  @Test(arguments: [nil, Crash.kill, .power])
  func aCopy(_ crash: Crash?) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 29)
    try log.waitNow(for: 27)
    if crash == nil { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    try wreck.disk.makeDirectory("/copy")
    for (name, bytes) in wreck.disk.files(in: "/log") where name != ".lock" {
      let file = try OpenFile("/copy/" + name, .creating, in: wreck.disk)
      try file.write(bytes.span.bytes, at: 0)
    }
    var copy = wreck
    copy.directory = "/copy"
    if crash == .power { try copy.reboot() }
    let again = try copy.open()
    #expect(again.recovery?.damage ?? [] == [] && again.recovery?.cutByteCount ?? 0 == 0)
    try Wreck.expect(again, end: 29)
    let read = copy.disk.operationCount(of: .read)
    try again.closeNow()
    // All of it was gone through, and from then on is believed.
    let third = try copy.open()
    #expect(third.recovery == nil)
    #expect(copy.disk.operationCount(of: .read) - read < 20)
    try Wreck.expect(third, end: 29)
    try third.closeNow()
  }

  /// What keeps a batch that is whole from being the next one.
  enum Misfit: CaseIterable {
    case earlierLeader, farAway, before

    /// The batch behind those of offsets 0 and 1, of the leader's reign 3.
    var options: BatchOptions {
      var options = BatchOptions()
      (options.baseOffset, options.leaderEpoch) = (2, 3)
      switch self {
      case .earlierLeader: options.leaderEpoch = 1
      case .farAway: options.baseOffset = Offset(rawValue: 1 << 32)
      case .before: options.baseOffset = 0
      }
      return options
    }
  }

  /// No crash leaves a batch that is whole. It cannot be read where it stands, and stays there.
  @Test(arguments: Misfit.allCases, [0, 2])
  func whatIsWholeIsNotCut(_ misfit: Misfit, _ count: Int64) throws {
    var bytes: [UInt8] = []
    for offset in 0..<count {
      var options = BatchOptions()
      (options.baseOffset, options.leaderEpoch) = (Offset(rawValue: offset), 3)
      bytes += try RecordBatch.of([Wreck.record(Offset(rawValue: offset))], options).array
    }
    // The first one of a log is nobody's follower, unless there is no room for its offset.
    guard count > 0 || misfit == .farAway else { return }
    let whole = bytes.count
    bytes += try RecordBatch.of([Wreck.record(2)], misfit.options).array
    try wreck.disk.write(bytes, to: wreck.path(0).log)
    let next = Offset(rawValue: count + 1)
    let part = DamagedRange(
      segmentBaseOffset: 0, offsets: next.advanced(by: -1)..<next,
      positions: whole..<bytes.count)
    for _ in 0..<2 {
      let log = try wreck.open()
      #expect(log.recovery?.damage == [part])
      #expect(log.recovery?.cutByteCount == 0)
      #expect(wreck.segment(0) == bytes)
      #expect(log.end == next)
      try log.closeNow()
    }
    let log = try wreck.open()
    try log.appendDurably(Wreck.record(next))
    #expect(try log.storedPassing().lost == [part])
    #expect(try log.recordNow(at: next) == Wreck.record(next))
    try log.closeNow()
    #expect(wreck.segment(0) == bytes)
  }
}
