import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A store whose disk runs full: what it gives up, and what it never does.
@Suite struct StoreSpaceTests {
  private var shelf = Shelf()
  private let events = StoreEvents()

  private static let low = 4 << 20

  init() {
    shelf.configuration.diskWatermarks = StoreWatermarks(
      lowByteCount: Self.low, lowFraction: 0, criticalByteCount: 1 << 20, criticalFraction: 0)
    shelf.configuration.observer = events
    shelf.configuration.log.allowsEmergencyRetention = true
  }

  private func free() throws -> Int { try shelf.disk.space(at: Shelf.directory).freeByteCount }

  /// Somebody else takes all of the disk but so many bytes.
  private func leave(_ byteCount: Int) throws {
    let file = try OpenFile("/filler", .writingOrCreating, in: shelf.disk)
    let size = try file.status().byteCount
    let wanted = size + (try free()) - byteCount
    if wanted > size { try file.allocate(size..<wanted) } else { try file.truncate(to: wanted) }
  }

  private func pass(_ store: LogStore, milliseconds: Int64 = 1000) {
    shelf.clock.advance(byMilliseconds: milliseconds)
    shelf.settle(store)
  }

  private func expectSound(_ log: Log) throws {
    let found = try log.filled()
    #expect(found.areRight && found.offsets == Array(log.start..<log.end))
  }

  @Test mutating func whatIsMissingIsGivenUp() throws {
    shelf.configuration.topics["kept"] = shelf.configuration.log
    shelf.configuration.topics["kept"]?.allowsEmergencyRetention = false
    let store = try shelf.open()
    for (name, count) in [("large-0", 200), ("small-0", 60), ("kept-0", 300)] {
      try store.logNow(name).fill(count)
    }
    shelf.settle(store)
    #expect(store.diskState == .ok && store.statistics.diskState == .ok)
    try leave(Self.low - (20 << 10))
    pass(store)

    let report = try #require(events.emergencies.first)
    #expect(events.emergencies.count == 1)
    #expect(report.missingByteCount == 20 << 10 && report.shortByteCount == 0)
    // No more than needed, and from whoever had the most.
    #expect(report.removedByteCount < 24 << 10)
    #expect(report.removed.keys.map(\.description) == ["large-0"] && report.failures.isEmpty)
    let large = try store.logNow("large-0")
    #expect(large.start == report.removed.values.first?.last?.endOffset && large.end == 200)
    #expect(store.statistics.lastEmergency == report)
    #expect(store.statistics.emergencyByteCount == report.removedByteCount)
    for name in ["small-0", "kept-0"] { #expect(try store.found(name)?.start == 0) }
    pass(store)
    #expect(events.states == [.low, .ok] && store.diskState == .ok)
    for name in ["large-0", "small-0", "kept-0"] { try expectSound(try store.logNow(name)) }
    try store.closeNow()
    let again = try shelf.open().logNow("large-0")
    #expect(again.start == large.start && again.end == 200)
  }

  /// With nothing left anywhere: all that may go goes, and not a record more.
  @Test mutating func whatMustStayStays() throws {
    for (topic, policy) in [
      ("bounded", RetentionPolicy(byteCount: 1).keeping(records: 100) as any CleanerPolicy),
      ("read", RetentionPolicy(byteCount: 1).notBeyond { 50 }), ("keyed", .compact()),
    ] {
      shelf.configuration.topics[topic] = shelf.configuration.log
      shelf.configuration.topics[topic]?.cleaner = policy
    }
    let store = try shelf.open()
    for name in ["free-0", "bounded-0", "read-0", "held-0"] { try store.logNow(name).fill(200) }
    let keyed = try store.logNow("keyed-0")
    for number in 0..<200 {
      try keyed.append(Record(key: "\(number)", value: [UInt8](repeating: 1, count: 500)))
    }
    let slice = try ZeroCopyReader(store.logNow("held-0")).slice(from: .earliest)
    shelf.settle(store)
    let end = try store.logNow("free-0").segments.last?.baseOffset
    try leave(512 << 10)
    pass(store)

    #expect(store.diskState == .critical)
    var found: [String: Offset] = [:]
    for partition in store.partitions { found[partition.description] = store[partition]?.start }
    #expect(found["free-0"] == end && found["keyed-0"] == 0 && found["held-0"] == 0)
    let bounded = try #require(found["bounded-0"])
    let read = try #require(found["read-0"])
    #expect(bounded > 0 && bounded <= 100 && read > 0 && read <= 50)
    #expect((events.emergencies.first?.shortByteCount ?? 0) > 3 << 20)
    // It has no more to give, and says nothing more.
    pass(store)
    pass(store)
    #expect(events.emergencies.count == 1)
    // Whoever holds slices keeps their segments from going only for as long.
    withExtendedLifetime(slice) {}
    for name in ["free-0", "bounded-0", "read-0", "held-0"] {
      try expectSound(try store.logNow(name))
    }
    // All logs go on.
    for name in ["free-0", "bounded-0", "read-0"] { try store.logNow(name).fill(1) }
  }

  @Test mutating func nothingIsGivenUpThatNobodyAllowed() throws {
    shelf.configuration.log.allowsEmergencyRetention = false
    let store = try shelf.open()
    try store.logNow("orders-0").fill(200)
    shelf.settle(store)
    try leave(512 << 10)
    pass(store)
    #expect(store.diskState == .critical && events.emergencies.isEmpty)
    #expect(try store.found("orders-0")?.start == 0)
  }

  // MARK: Ballast

  @Test mutating func theBallastIsGivenUpAndMadeAgain() throws {
    let size = 512 << 10
    shelf.configuration.ballastByteCount = size
    let store = try shelf.open()
    shelf.settle(store)
    #expect(events.ballasts == [size] && store.statistics.ballastByteCount == size)
    #expect(try shelf.names().contains("varve.ballast"))
    try leave(100 << 10)
    pass(store)
    #expect(events.ballasts == [size, 0] && store.statistics.ballastByteCount == 0)
    #expect(try free() == size + (100 << 10))
    // What it gave is no reason to make it again.
    pass(store)
    #expect(events.ballasts == [size, 0] && events.states == [.critical])
    // There is something to make logs in, and to close.
    try store.logNow("orders-0").fill(20)
    // With a little for what the log has ready.
    try leave(Self.low + size + (64 << 10))
    pass(store)
    #expect(events.ballasts == [size, 0, size] && events.states == [.critical, .ok])
    #expect(try free() >= Self.low)
    try store.closeNow()
    #expect(try shelf.names().contains("varve.ballast"))

    // A full disk: whoever opens the store finds the room that was kept for that.
    try leave(0)
    let again = try shelf.open()
    #expect(try !shelf.names().contains("varve.ballast"))
    #expect(again.failures.isEmpty && again.partitions.count == 1)
    try again.closeNow()
  }

  /// Of a store that is not to have one any more, and of one that is to have a smaller one.
  @Test mutating func anotherSizeIsMade() throws {
    shelf.configuration.ballastByteCount = 1 << 20
    var store = try shelf.open()
    shelf.settle(store)
    try store.closeNow()
    shelf.configuration.ballastByteCount = 64 << 10
    store = try shelf.open()
    shelf.settle(store)
    let path = Shelf.directory + "/varve.ballast"
    #expect(try shelf.disk.status(at: path).byteCount == 64 << 10)
    try store.closeNow()
    shelf.configuration.ballastByteCount = 0
    store = try shelf.open()
    shelf.settle(store)
    #expect(try !shelf.names().contains("varve.ballast"))
  }

  @Test mutating func nonsenseIsRefused() {
    shelf.configuration.ballastByteCount = -1
    #expect(failure { _ = try shelf.open() }?.code == .invalidArgument)
    shelf.configuration.ballastByteCount = 0
    shelf.configuration.diskWatermarks.lowFraction = 2
    #expect(failure { _ = try shelf.open() }?.code == .invalidArgument)
  }
}
