import Testing
import VarveSystem

@testable import Varve

/// A log of which a sync has failed.
@Suite struct PoisonTests {
  private struct Poisoned {
    let log: Log
    let disk: WatchedFileSystem
    let events: EventRecorder
    /// The slice of all batches, taken before the sync failed.
    let slice: LogSlice?
    let bytes: [UInt8]
  }

  /// A log of ten records of which six are durable, and a sync that failed; then closed or not.
  private func poison(_ place: Place, _ directory: String) throws -> Poisoned {
    let (disk, events) = (WatchedFileSystem(), EventRecorder())
    var configuration = place.configuration()
    configuration.observer = events
    let world = ManualWorld(fileSystem: disk)
    let log = try world.open(directory, configuration)
    for number in 0..<10 {
      try log.append(Record(value: "\(number)"))
      world.settle()
      if number == 5 { try log.flushNow() }
    }
    let slice = try log.sliceNow(from: .earliest)
    let bytes = try slice.map { try $0.copyNow() } ?? []
    disk.before { call throws(SystemError) in
      if call.call == .syncData, call.name != "varve.side" {
        throw SystemError(.syncData, .inputOutput)
      }
    }
    #expect(error { try log.flushNow() }?.code == .poisoned)
    disk.before(nil)
    world.settle()
    return Poisoned(log: log, disk: disk, events: events, slice: slice, bytes: bytes)
  }

  @Test(arguments: Place.all)
  func readersAreTakenBack(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let poisoned = try poison(place, directory)
      let log = poisoned.log
      #expect(log.end == 6 && log.durableEnd == 6)
      #expect(log.segments.map(\.endOffset) == [6])
      #expect(try log.stored().map(\.offset) == (0..<6).map { Offset(rawValue: $0) })
      #expect(try log.recordNow(at: 5)?.value == Array("5".utf8))
      #expect(error { try log.recordNow(at: 7) }?.code == .invalidArgument)
      #expect(try log.sliceNow(from: .earliest)?.offsets == 0..<6)
      // Who holds more keeps it.
      #expect(poisoned.slice?.offsets == 0..<10)
      #expect(try poisoned.slice?.copyNow() == poisoned.bytes)
      #expect(poisoned.bytes.count > 600)
      // One event, and no append any more.
      #expect(poisoned.events.failures.map(\.code) == [.poisoned])
      for _ in 0..<2 { #expect(error { try log.append(Record(value: "x")) }?.code == .poisoned) }
      #expect(error { try log.closeNow() }?.code == .poisoned)
    }
  }

  /// What was not durable may be on the device or not: what is there is read from it.
  @Test(arguments: Place.all)
  func theNextOpening(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let poisoned = try poison(place, directory)
      #expect(error { try poisoned.log.closeNow() }?.code == .poisoned)
      let side = try #require(SideFile.read(in: directory, poisoned.disk))
      #expect(side.record.state == .poisoned && side.durableEnd == 6)
      let world = ManualWorld(fileSystem: poisoned.disk)
      let log = try world.open(directory, place.configuration())
      #expect(log.recovery?.damage == [])
      // Here the device has them.
      #expect(log.end == 10 && log.durableEnd == 10)
      let values = try log.stored().map(\.record.value)
      #expect(values == (0..<10).map { Array("\($0)".utf8) })
      #expect(SideFile.read(in: directory, poisoned.disk)?.record.state == .open)
      // The file is another one, so a slice of the old one keeps its bytes.
      try log.append(Record(value: "behind"))
      #expect(try poisoned.slice?.copyNow() == poisoned.bytes)
      try log.closeNow()
      #expect(try world.open(directory, place.configuration()).recovery == nil)
    }
  }

  /// Records that lie in a segment behind the durable end are taken back with it.
  @Test(arguments: Place.all)
  func withSegmentsBehindTheDurableEnd(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      let value = [UInt8](repeating: 1, count: 1500)
      try log.appendDurably(Record(value: value))
      for _ in 0..<6 { try log.append(Record(value: value)) }
      #expect(log.segments.map(\.baseOffset) == [0, 2, 4, 6])
      disk.before { call throws(SystemError) in
        if call.call == .syncData, call.name.hasSuffix(".log") {
          throw SystemError(.syncData, .inputOutput)
        }
      }
      world.settle()
      disk.before(nil)
      // Appends that had to wait for a new segment have sealed some.
      let end = log.durableEnd
      #expect(end < 6 && log.end == end && log.segments.last?.endOffset == end)
      #expect(try log.stored().map(\.offset) == Array(0..<end))
      #expect(error { try log.closeNow() }?.code == .poisoned)
      let again = try world.open(directory, place.configuration(segmentByteCount: 4096))
      #expect(again.end == 7)
      #expect(try again.stored().allSatisfy { $0.record.value == value })
      #expect(again.segments.map(\.baseOffset) == [0, 2, 4, 6])
      try again.closeNow()
    }
  }

  /// A log has gone on in a spare that was still being made ready, and is poisoned before that is done.
  @Test func aSpareThatIsReadyTooLate() async throws {
    let place = Place(medium: .memory, writer: .mapped)
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      let log = try world.open(directory, place.configuration())
      let record = Record(value: [UInt8](repeating: 1, count: 10_000))
      let (gate, isDone) = (Gate(), Gate())
      isDone.open()
      disk.before { call in
        if call.call == .allocate, call.name.hasPrefix("varve-spare") { gate.pass() }
      }
      for _ in 0..<3 { try log.append(record) }
      // So fast that the next segment is made ready by now.
      world.time.advance(milliseconds: 1)
      try OwnedThread.detached(named: "maintaining") {
        world.settle()
        isDone.pass()
      }
      while gate.arrivedCount == 0 && isDone.arrivedCount == 0 { await Task.yield() }
      try #require(gate.arrivedCount == 1)
      while log.segments.count == 1 { try log.append(record) }
      disk.before { call throws(SystemError) in
        if call.call == .syncData, call.name.hasSuffix(".log") {
          throw SystemError(.syncData, .inputOutput)
        }
      }
      #expect(error { try log.flushNow() }?.code == .poisoned)
      disk.before(nil)
      gate.open()
      await isDone.arrivals(1)
      #expect(log.tail.withLock { $0.extent.allocatedEnd } > 0)
      for _ in 0..<2 { #expect(error { try log.append(record) }?.code == .poisoned) }
      #expect(log.end == log.durableEnd)
      #expect(error { try log.closeNow() }?.code == .poisoned)
    }
  }

  /// A tail that has gone further hears of no more, and why.
  @Test(arguments: Place.all)
  func aTailThatWaits(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let poisoned = try poison(place, directory)
      let log = poisoned.log
      var tail = log.tail(from: .earliest).makeAsyncIterator()
      for offset: Offset in 0..<6 {
        #expect(try await tail.next()?.header.baseOffset == offset)
      }
      await expectFailure(.poisoned) { try await tail.next() }
      #expect(await asyncError { try await log.close() }?.code == .poisoned)
      await expectFailure(.poisoned) { try await tail.next() }
    }
  }
}

extension LogSlice {
  func copyNow() throws -> [UInt8] {
    try withBytes { bytes throws(LogError) in bytes.withUnsafeBytes { Array($0) } }
  }
}
