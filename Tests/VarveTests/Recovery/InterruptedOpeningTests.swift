import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// An opening that fails anywhere is done again, and loses nothing.
@Suite struct InterruptedOpeningTests {
  /// What the log is like that is opened.
  enum Shape: CaseIterable {
    /// A batch below the durable end is damaged, and one of a sealed segment.
    case damaged
    /// The last batch was not written whole.
    case torn
    /// Nothing that was not synced was kept, and segments lie behind what is missing.
    case gap
    /// A sync failed, and memory holds more than the device.
    case poisoned
    /// Full segments do not have their names yet.
    case spares
  }

  /// How much of it was durable.
  private func durableEnd(_ shape: Shape) -> Offset {
    switch shape {
    case .damaged: 21
    case .torn, .poisoned: 19
    case .gap, .spares: 0
    }
  }

  private func make(_ shape: Shape) throws -> (wreck: Wreck, lost: [DamagedRange], end: Offset) {
    var wreck = Wreck()
    switch shape {
    case .damaged:
      try wreck.make(durable: 21, end: 22)
      try wreck.flip(3, keepsTime: false)
      try wreck.flip(18)
      return (wreck, [Wreck.damage(3), Wreck.damage(18)], 22)
    case .torn:
      try wreck.make(durable: 19, end: 21)
      try wreck.cut(16, to: Wreck.position(20) + 200)
      return (wreck, [], 20)
    case .gap:
      wreck.configuration.syncPolicy = .never
      let log = try wreck.open()
      try wreck.fill(log, upTo: 30)
      wreck.disk.crash(.kill, seed: 0)
      try wreck.flip(11)
      try wreck.reboot()
      return (wreck, [], 11)
    case .poisoned:
      let log = try wreck.open()
      try wreck.fill(log, upTo: 19)
      try log.waitNow(for: 19)
      try wreck.fill(log, upTo: 21)
      wreck.disk.faults = .failing(.syncData, with: .inputOutput)
      #expect(error { try log.waitNow(for: 21) }?.code == .poisoned)
      wreck.disk.faults = .none
      wreck.disk.crash(.kill, seed: 0)
      return (wreck, [], 19)
    case .spares:
      let log = try wreck.open()
      while log.end < 21 { try log.append(Wreck.record(log.end)) }
      wreck.disk.crash(.kill, seed: 0)
      return (wreck, [], 21)
    }
  }

  private func expectNothingLost(
    _ wreck: Wreck, _ lost: [DamagedRange], _ end: Offset, _ what: String
  ) throws {
    try expect(wreck, lost, end...end, what) { $0 == lost }
  }

  /// After a sync that failed, what memory alone held is gone: records that were not durable, and
  /// damage that had not reached the device.
  private func expectDurableKept(
    _ wreck: Wreck, _ shape: Shape, _ lost: [DamagedRange], _ end: Offset, _ what: String
  ) throws {
    try expect(wreck, lost, min(durableEnd(shape), end)...end, what) { Set($0).isSubset(of: lost) }
  }

  private func expect(
    _ wreck: Wreck, _ lost: [DamagedRange], _ ends: ClosedRange<Offset>, _ what: String,
    isExpected: ([DamagedRange]) -> Bool
  ) throws {
    let log = try wreck.open()
    let (records, met) = try log.storedPassing()
    let end = log.end
    let expected = Wreck.stored(0..<end)
      .filter { record in !met.contains { $0.offsets.contains(record.offset) } }
    #expect(ends.contains(end), "\(what)")
    #expect(records == expected && isExpected(met), "\(what)")
    #expect(try wreck.disk.list("/log").allSatisfy { LogFileNames.spareNumber($0) == nil })
    try log.appendDurably(Wreck.record(log.end))
    try log.closeNow()
    #expect(try wreck.open().end == end.advanced(by: 1), "\(what)")
  }

  /// Each operation fails in its turn, until an opening gets through.
  @Test(arguments: Shape.allCases, [Errno.inputOutput, .noSpace])
  func byAFault(_ shape: Shape, _ errno: Errno) throws {
    let (start, lost, end) = try make(shape)
    var failures = 0
    for number in 1... {
      let wreck = start.fork()
      wreck.disk.faults = .failing(number: number, with: errno)
      let before = wreck.disk.operationCount
      var log: Log?
      var failedCall: SystemCall?
      do throws(LogError) {
        log = try wreck.openTyped()
      } catch {
        failures += 1
        failedCall = error.systemCall.flatMap { SystemCall(rawValue: $0.name) }
        #expect(error.code == errno.code, "\(number)")
        #expect(error.systemCall?.errno == errno.rawValue, "\(number)")
        #expect(wreck.disk.openDescriptorCount == 0, "\(number)")
      }
      let count = wreck.disk.operationCount - before
      wreck.disk.faults = .none
      withExtendedLifetime(log) { wreck.disk.crash(.kill, seed: 0) }
      // Not every one: that takes long, and most are alike.
      if number % 3 == 0 || log != nil || failedCall == .syncData {
        if failedCall == .syncData {
          try expectDurableKept(wreck, shape, lost, end, "operation \(number)")
        } else {
          try expectNothingLost(wreck, lost, end, "operation \(number)")
        }
      }
      if count < number { break }
    }
    #expect(failures > 15)
  }

  /// The power goes, or the process ends, at any change of the disk, and once more in the next one.
  @Test(arguments: Shape.allCases, Crash.allCases)
  func byACrash(_ shape: Shape, _ crash: Crash) throws {
    let (start, lost, end) = try make(shape)
    for number in 1... {
      let wreck = start.fork()
      var isDone = false
      for again in 0..<2 {
        wreck.disk.stop(afterOperation: wreck.disk.mutationCount + number * (again + 1) / 2)
        isDone = (try? wreck.open()) != nil && again == 1
        wreck.disk.crash(crash, seed: UInt64(number))
      }
      if crash == .kill || isSynced(shape) {
        try expectNothingLost(wreck, lost, end, "operation \(number)")
      }
      if isDone { break }
    }
  }

  /// Whether all that is there was on the device.
  private func isSynced(_ shape: Shape) -> Bool { shape == .gap }
}

extension Wreck {
  func openTyped() throws(LogError) -> Log {
    try Log.open(
      at: directory, configuration: configuration, runtime: LogRuntime(steppedBy: clock),
      environment: LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 1)))
  }
}
