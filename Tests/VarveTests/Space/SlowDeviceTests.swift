import Testing
import VarveSystem

@testable import Varve

/// A device that does not answer for as long as the test wants: appends go on.
@Suite struct SlowDeviceTests {
  /// Which call does not come back.
  enum Slow: String, CaseIterable, Sendable {
    case sync, rename, unlink

    func holds(_ call: WatchedFileSystem.Call) -> Bool {
      switch self {
      case .sync: call.call == .syncData
      case .rename: call.call == .rename
      case .unlink: call.call == .unlink
      }
    }
  }

  @Test(arguments: Slow.allCases, [LogConfiguration.TailWriter.mapped, .positional])
  func noAppendWaits(_ slow: Slow, _ writer: LogConfiguration.TailWriter) async throws {
    let place = Place(medium: .memory, writer: writer)
    try await place.withDirectory { directory in
      let fileSystem = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 32 << 10),
        runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: fileSystem, time: SystemClock(), random: SystemRandom()))
      for number in 0..<1000 { try log.append(Record(value: "before \(number)")) }
      let gate = Gate()
      fileSystem.before { call in if slow.holds(call) { gate.pass() } }
      // Somebody waits for the device: for a sync of what was appended, or for names and files to go.
      let waiting = Task {
        switch slow {
        case .sync, .rename: _ = try await log.append(Record(value: "x"), durability: .durable)
        case .unlink: _ = try await log.deleteRecords(before: log.end)
        }
      }
      if slow == .rename {
        // A segment that is full gets its name.
        for number in 0..<600 { try log.append(Record(value: "filling \(number)")) }
      }
      await gate.arrivals(1)
      let end = log.end
      // They fill segments, too: new ones are begun while the old ones wait for the device.
      for number in 0..<1000 { try log.append(Record(value: "\(number)")) }
      #expect(log.end >= end.advanced(by: 1000))
      #expect(gate.arrivedCount >= 1)
      gate.open()
      try await waiting.value
      try await log.close()
    }
  }
}
