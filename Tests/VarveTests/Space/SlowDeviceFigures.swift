import Foundation
import Testing
import VarveSystem

@testable import Varve

/// How long each slow call takes.
private let slowSeconds = ProcessInfo.processInfo.environment["VARVE_SLOW_SECONDS"]
  .flatMap { Double($0) }

/// How long appends take on a device whose syncs, renames and unlinks take seconds, beside one where they
/// take no time: `make slow` prints it. Times depend on the machine, so what is expected is that all was
/// appended while the device was busy.
@Suite(.enabled(if: slowSeconds != nil, "make slow measures this"), .serialized)
struct SlowDeviceFigures {
  private static let perSecond = 1000
  private static let runSeconds = 30
  private static let record = Record(value: [UInt8](repeating: 7, count: 1 << 10))

  @Test(arguments: [LogConfiguration.TailWriter.mapped, .positional])
  func appends(_ writer: LogConfiguration.TailWriter) async throws {
    let slow = try #require(slowSeconds)
    for delay in [0, slow] {
      let place = Place(medium: .disk, writer: writer)
      try await place.withDirectory { directory in
        try await measure(directory, place, delay: delay)
      }
    }
  }

  private func measure(_ directory: String, _ place: Place, delay: Double) async throws {
    let fileSystem = WatchedFileSystem()
    var configuration = place.configuration(segmentByteCount: 4 << 20)
    configuration.cleaner = .delete(beyondBytes: 8 << 20)
    configuration.cleaningInterval = .seconds(10)
    let log = try await Log.open(
      at: directory, configuration: configuration, runtime: LogRuntime(),
      environment: LogEnvironment(
        fileSystem: fileSystem, time: SystemClock(), random: SystemRandom()))
    let slowCalls: Set<SystemCall> = [.syncData, .syncAll, .syncDirectory, .rename, .unlink]
    let held = Lock(0)
    fileSystem.before { call in
      guard slowCalls.contains(call.call) else { return }
      held.withLock { $0 += 1 }
      Thread.sleep(forTimeInterval: delay)
    }
    let times = Lock<[Int64]>([])
    let appending = try OwnedThread(named: "varve-steady") {
      let found = Self.appendSteadily(to: log)
      times.withLock { $0 = found }
    }
    appending.join()
    let found = times.withLock { $0 }.sorted()
    #expect(found.count == Self.perSecond * Self.runSeconds)
    #expect(held.withLock { $0 } > 0)
    print(
      "\(place.writer), \(delay) s a call, \(held.withLock { $0 }) such calls: "
        + Self.text(found))
    fileSystem.before(nil)
    try await log.close()
  }

  /// What each append took, in nanoseconds.
  private static func appendSteadily(to log: Log) -> [Int64] {
    var times: [Int64] = []
    times.reserveCapacity(perSecond * runSeconds)
    let start = SystemClock.monotonicNanoseconds
    for number in 0..<perSecond * runSeconds {
      let due = start + Int64(number) * 1_000_000_000 / Int64(perSecond)
      let early = due - SystemClock.monotonicNanoseconds
      if early > 0 { Thread.sleep(forTimeInterval: Double(early) / 1e9) }
      let begun = SystemClock.monotonicNanoseconds
      guard (try? log.append(record)) != nil else { break }
      times.append(SystemClock.monotonicNanoseconds - begun)
    }
    return times
  }

  private static func text(_ sorted: [Int64]) -> String {
    [("p50", 0.5), ("p99.9", 0.999), ("p100", 1)].map { name, share in
      let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
      return "\(name) \(Double(sorted[index]) / 1000) µs"
    }.joined(separator: ", ")
  }
}
