import Testing
import VarveSystem

@testable import Varve

/// The order in which a full segment, its indexes and the name of the next one get to the device.
@Suite struct RollOrderTests {
  private typealias Call = WatchedFileSystem.Call

  private static let segment = "00000000000000000000"
  private static let next = "00000000000000000002"

  /// What has to happen, in this order, before a record in the next segment is durable.
  private static let order = [
    Call(.syncData, segment + ".log"),
    Call(.syncData, "varve-" + segment + ".index-new"),
    Call(.rename, "varve-\(segment).index-new \(segment).index"),
    Call(.syncData, "varve-" + segment + ".timeindex-new"),
    Call(.rename, "varve-\(segment).timeindex-new \(segment).timeindex"),
    Call(.syncData, "varve-" + next + ".snapshot-new"),
    Call(.rename, "varve-\(next).snapshot-new \(next).snapshot"),
    Call(.rename, "varve-spare.1 \(next).log"),
    Call(.syncDirectory, ""),
    Call(.syncData, "varve.side"),
  ]

  private func withLog(
    _ place: Place, policy: SyncPolicy = .atRoll,
    _ body: (Log, WatchedFileSystem, ManualWorld) throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.syncPolicy = policy
      let log = try world.open(directory, configuration)
      disk.forget()
      // Two batches fill a segment.
      for _ in 0..<3 { try log.append(Record(value: [UInt8](repeating: 1, count: 1500))) }
      #expect(log.segments.map(\.baseOffset) == [0, 2])
      try body(log, disk, world)
      let failure = error { try log.closeNow() }
      #expect(
        failure == nil || failure?.code == .poisoned && log.commits.failure?.code == .poisoned)
    }
  }

  /// The calls that count, without those that may come anywhere.
  private func steps(_ disk: WatchedFileSystem) -> [Call] {
    disk.calls.filter { [.syncData, .syncDirectory, .rename].contains($0.call) }
  }

  @Test(arguments: Place.all)
  func aDurableAppendBehindARoll(_ place: Place) async throws {
    try await withLog(place) { log, disk, _ in
      #expect(steps(disk) == [])
      try log.appendDurably(Record(value: "x"))
      #expect(steps(disk) == Self.order + [Call(.syncData, "varve-spare.1")])
      #expect(log.durableEnd == 4)
    }
  }

  /// What the roll has synced is durable, without anyone's asking for it.
  @Test(arguments: Place.all)
  func aRollByItself(_ place: Place) async throws {
    try await withLog(place) { log, disk, world in
      world.settle()
      #expect(steps(disk) == Self.order)
      #expect(log.durableEnd == 2)
      try log.waitNow(for: 2)
      #expect(steps(disk) == Self.order)
    }
  }

  /// An offset of the full segment alone needs the next one's name, too, but none of its bytes.
  @Test(arguments: Place.all)
  func anOffsetOfTheFullSegment(_ place: Place) async throws {
    try await withLog(place) { log, disk, _ in
      try log.waitNow(for: 1)
      #expect(Array(steps(disk).prefix(Self.order.count)) == Self.order)
    }
  }

  /// Each step fails once: nothing is said to be durable, and the next attempt does it.
  @Test(arguments: Place.all, order.indices)
  func aStepThatFails(_ place: Place, _ index: Int) async throws {
    try await withLog(place) { log, disk, _ in
      let isSync = try fail(log, disk, index)
      if isSync {
        #expect(error { try log.waitNow(for: 4) }?.code == .poisoned)
        return
      }
      try log.waitNow(for: 4)
      #expect(log.durableEnd == 4)
    }
  }

  /// The same where nobody asks again: the segment gets its final form beside the appends, as it would
  /// have without anybody's asking.
  @Test(arguments: Place.all, order.indices)
  func whatFailedIsDoneByItself(_ place: Place, _ index: Int) async throws {
    try await withLog(place) { log, disk, world in
      guard try !fail(log, disk, index) else { return }
      world.pass(milliseconds: 10_000)
      #expect(log.sealQueue.isEmpty && log.durableEnd >= 2)
      #expect(SideFile.read(in: log.directory, disk)?.seals[0].count == 1)
    }
  }

  /// The same of a log at rest, which nobody has a look at by himself: somebody asks for a roll, and that
  /// cannot be done.
  @Test(arguments: Place.all)
  func aRollThatFailedIsDoneByItself(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      try log.append(Record(value: "x"))
      world.pass(milliseconds: 60_000)
      disk.before { call throws(SystemError) in
        if call.call == .rename { throw SystemError(.rename, .noSpace) }
      }
      #expect(error { try log.rollNow(.request) }?.code == .full)
      disk.before(nil)
      #expect(log.segments.count == 2 && log.durableEnd == 0)
      world.pass(milliseconds: 10_000)
      #expect(log.sealQueue.isEmpty && log.durableEnd == 1)
      try log.closeNow()
    }
  }

  /// Lets one step fail of those that a durable append needs, and returns whether that poisons the log.
  private func fail(_ log: Log, _ disk: WatchedFileSystem, _ index: Int) throws -> Bool {
    let seen = Lock<[Call]>([])
    disk.before { call throws(SystemError) in
      guard [.syncData, .syncDirectory, .rename].contains(call.call) else { return }
      let count = seen.withLock { calls in
        calls.append(call)
        return calls.count
      }
      if count == index + 1 { throw SystemError(call.call, .noMemory) }
    }
    let failure = error { try log.appendDurably(Record(value: "x")) }
    #expect(failure != nil && failure?.appendedOffset == 3)
    let isSync =
      Self.order[index].call == .syncData && Self.order[index].name == Self.segment + ".log"
    #expect((failure?.code == .poisoned) == isSync, "\(Self.order[index])")
    #expect(log.durableEnd < 3)
    disk.before(nil)
    return isSync
  }

  /// No sync at all, until somebody wants one: then of all segments, in their order.
  @Test(arguments: Place.all, [false, true])
  func aLogThatIsNeverSynced(_ place: Place, _ closes: Bool) async throws {
    try await withLog(place, policy: .never) { log, disk, world in
      for _ in 0..<4 {
        try log.append(Record(value: [UInt8](repeating: 1, count: 1500)))
        world.settle()
      }
      world.pass(milliseconds: 60_000)
      #expect(log.segments.map(\.baseOffset) == [0, 2, 4, 6])
      #expect(steps(disk).allSatisfy { $0.call == .rename })
      #expect(log.durableEnd == 0)
      disk.forget()
      if closes { try log.closeNow() } else { try log.flushNow() }
      #expect(log.durableEnd == 7)
      let logs = disk.calls.filter { $0.call == .syncData && $0.name.hasSuffix(".log") }
      #expect(
        Array(logs.map(\.name).prefix(3)) == [0, 2, 4].map { "0000000000000000000\($0).log" })
      #expect(disk.count(.syncData, "index-new") >= 6 && disk.count(.syncDirectory) >= 3)
      disk.forget()
      try log.flushNow()
      #expect(disk.calls == [])
    }
  }

  /// A sync that failed is not made up for by another one: the kernel would let that succeed.
  @Test(arguments: Place.all)
  func aLateSyncThatFailsIsTheLast(_ place: Place) async throws {
    try await withLog(place, policy: .never) { log, disk, world in
      world.settle()
      disk.before { call throws(SystemError) in
        if call == Call(.syncData, Self.segment + ".log") {
          throw SystemError(.syncData, .inputOutput)
        }
      }
      #expect(error { try log.flushNow() }?.code == .poisoned)
      disk.before(nil)
      disk.forget()
      #expect(error { try log.sealWaiting() }?.code == .poisoned)
      #expect(log.durableEnd == 0 && log.end == 0)
      #expect(disk.count(.syncData) == 0)
      let side = try #require(SideFile.read(in: log.directory, disk))
      #expect(side.seals.segmentCount == 0 && side.durableEnd == 0)
    }
  }

  /// A segment is sealed while the sync of somebody who came before it was full fails. The kernel tells
  /// of that once, and not whoever syncs the same file through a descriptor of his own right then.
  @Test(arguments: Place.all)
  func aSealBesideASyncThatFails(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try ManualWorld(fileSystem: disk).open(
        directory, place.configuration(segmentByteCount: 4096))
      let record = Record(value: [UInt8](repeating: 1, count: 1500))
      try log.append(record)
      let gate = failFirstSync(disk)
      let failures = Lock<[LogError?]>([])
      try OwnedThread.detached(named: "flushing") {
        let failure = error { try log.flushNow() }
        failures.withLock { $0.append(failure) }
      }
      await gate.arrivals(1)
      for _ in 0..<2 { try log.append(record) }
      try OwnedThread.detached(named: "sealing") {
        let failure = error { try log.sealWaiting() }
        failures.withLock { $0.append(failure) }
      }
      // Time for it to do what it must not.
      for _ in 0..<1000 where failures.withLock({ $0.isEmpty }) { pause() }
      gate.open()
      while failures.withLock({ $0.count }) < 2 { pause() }
      // Whoever seals may hear only of the sync that failed, and not yet of what that means for the log.
      let codes = failures.withLock { $0.map { $0?.code } }
      #expect(codes.contains(.poisoned) && codes.allSatisfy { $0 == .poisoned || $0 == .device })
      #expect(log.durableEnd == 0 && log.end == 0)
      #expect(disk.count(.syncData, Self.segment + ".log") == 1)
      #expect(error { try log.closeNow() }?.code == .poisoned)
    }
  }

  /// Whoever closes the log waits for those who seal, and does not make up for what failed them.
  @Test(arguments: Place.all)
  func aCloseBehindASealThatFails(_ place: Place) async throws {
    try await withLog(place) { log, disk, _ in
      let gate = failFirstSync(disk)
      try OwnedThread.detached(named: "sealing") { log.sealSoon() }
      gate.waitForArrivals(1)
      let failure = Lock<LogError?>(nil)
      let isDone = Gate()
      isDone.open()
      try OwnedThread.detached(named: "closing") {
        let found = error { try log.closeNow() }
        failure.withLock { $0 = found }
        isDone.pass()
      }
      while log.tail.withLock({ $0.refusal == nil }) { pause() }
      gate.open()
      isDone.waitForArrivals(1)
      #expect(failure.withLock { $0?.code } == .poisoned)
      #expect(log.durableEnd == 0)
      #expect(disk.count(.syncData, Self.segment + ".log") == 1)
      // What is not durable is written once more by the next opening.
      #expect(SideFile.read(in: log.directory, disk)?.record.state == .open)
    }
  }

  /// Lets the first sync of the first segment fail, once the gate is open that it waits at.
  private func failFirstSync(_ disk: WatchedFileSystem) -> Gate {
    let gate = Gate()
    disk.before { call throws(SystemError) in
      guard call == Call(.syncData, Self.segment + ".log"), gate.arrivedCount == 0 else { return }
      gate.pass()
      throw SystemError(.syncData, .inputOutput)
    }
    return gate
  }

  private func pause() { SystemClock().sleep(nanoseconds: 100_000) }
}
