import Testing
import VarveTesting

@testable import Varve

/// The scrubber: when it comes, what it looks at, and whom it tells.
@Suite struct ScrubTests {
  private func wreck(_ interval: Duration?) -> Wreck {
    var wreck = Wreck()
    wreck.configuration.scrubInterval = interval
    return wreck
  }

  /// Opens a log of two segments at rest, of which one is damaged.
  private func open(_ wreck: Wreck) throws -> Log {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 21)
    try log.closeNow()
    try wreck.flip(12)
    return try wreck.open()
  }

  private func pass(_ duration: Duration, _ wreck: Wreck, _ log: Log) {
    wreck.clock.advance(byMilliseconds: duration.milliseconds)
    while log.runtime.step() {}
  }

  @Test func isOffByDefault() throws {
    #expect(LogConfiguration().scrubInterval == nil)
    let wreck = wreck(nil)
    let log = try open(wreck)
    pass(.seconds(90 * 86_400), wreck, log)
    #expect(log.lastScrub == nil && wreck.events.scrubs == [])
    try log.closeNow()
  }

  @Test func comesByItself() throws {
    let wreck = wreck(.seconds(86_400))
    let log = try open(wreck)
    while log.runtime.step() {}
    #expect(log.lastScrub == nil)
    pass(.seconds(601), wreck, log)
    let first = try #require(log.lastScrub)
    #expect(first.damage == [Wreck.damage(12)] && first.failure == nil)
    #expect(first.segmentCount == 2 && first.byteCount == 16 * Wreck.batchByteCount)
    #expect(wreck.events.scrubs == [first] && wreck.events.damage == first.damage)
    #expect(log.segments.map { $0.lastVerified != nil } == [true, true, false])
    pass(.seconds(80_000), wreck, log)
    #expect(log.lastScrub == first)
    pass(.seconds(6_401), wreck, log)
    #expect(log.lastScrub?.time ?? .none > first.time)
    #expect(wreck.events.scrubs.count == 2 && wreck.events.damage.count == 1)
    try log.closeNow()
  }

  /// What keeps it from one segment does not keep it from others.
  @Test func anErrorOfTheDevice() throws {
    let wreck = wreck(.seconds(60))
    let log = try open(wreck)
    while log.runtime.step() {}
    var faults = FaultPlan()
    faults.fail(.read, on: "00000000000000000000.log", by: .deviceError)
    wreck.disk.faults = faults
    pass(.seconds(61), wreck, log)
    #expect(log.lastScrub?.failure?.code == .device)
    #expect(log.lastScrub?.segmentCount == 1)
    #expect(log.lastScrub?.damage == [Wreck.damage(12)])
    pass(.seconds(61), wreck, log)
    #expect(log.lastScrub?.failure == nil && log.lastScrub?.segmentCount == 2)
    try log.closeNow()
  }

  /// Time passes in its sleeps alone: as much as the bytes cost.
  @Test func isNoFasterThanItMayBe() throws {
    let wreck = wreck(.seconds(3600))
    let log = try Log.open(
      at: wreck.directory, configuration: wreck.configuration,
      runtime: LogRuntime(steppedBy: wreck.clock, verifyingBytesPerSecond: 1024),
      environment: LogEnvironment(
        fileSystem: wreck.disk, time: wreck.clock, random: SeededRandom(seed: 1)))
    try wreck.fill(log, upTo: 21)
    wreck.clock.advance(byMilliseconds: 601_000)
    let before = wreck.clock.monotonicNanoseconds
    while log.runtime.step() {}
    let byteCount = try #require(log.lastScrub?.byteCount)
    let seconds = Int((wreck.clock.monotonicNanoseconds - before) / 1_000_000_000)
    #expect(byteCount == 8192 && (6...9).contains(seconds), "\(seconds) s")
    try log.closeNow()
  }

  @Test func besideAppends() async throws {
    try await Place(medium: .memory, writer: .mapped).withDirectory { directory in
      var configuration = Place(medium: .memory, writer: .mapped).configuration(
        segmentByteCount: 16 << 10)
      let names = ScrubWatch()
      configuration.scrubInterval = .milliseconds(1)
      configuration.observer = names
      let log = try await Log.open(
        at: directory, configuration: configuration, runtime: LogRuntime(),
        environment: .unsynced)
      for number in 0..<1000 { try log.append(Record(value: "record \(number)")) }
      await names.scrubbed()
      #expect(log.lastScrub?.damage == [])
      try await log.close()
    }
  }
}

/// Waits until a log has been scrubbed.
private final class ScrubWatch: LogObserver {
  private let gate = Gate()

  func log(at directory: String, did event: LogEvent) {
    guard case .scrubbed = event else { return }
    gate.open()
    gate.pass()
  }

  func scrubbed() async { await gate.arrivals(1) }
}
