import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// Threads and tasks that wait, some of which are cancelled, while rounds succeed and fail: nobody is
/// forgotten, and nobody is told what is not so.
@Suite struct CommitQueueRaceTests {
  /// A log that consists of its end.
  private final class Device: Sendable {
    let queue = CommitQueue(durable: mark(0))
    let end = Atomic<Int64>(0)
    let rounds = Atomic<Int>(0)
    /// Threads that have not ended yet.
    let threadCount = Atomic<Int>(0)
    private let isBusy = Atomic<Bool>(false)
    let problems = Lock<[String]>([])

    static func mark(_ end: Int64) -> DurableMark {
      DurableMark(offset: Offset(rawValue: end), segmentBase: 0, position: Int(end))
    }

    func append() -> Offset {
      Offset(rawValue: end.add(1, ordering: .acquiringAndReleasing).newValue)
    }

    /// Each seventh does not come about.
    func sync() throws(LogError) -> DurableMark {
      if isBusy.exchange(true, ordering: .acquiringAndReleasing) { note("two rounds at a time") }
      defer { isBusy.store(false, ordering: .releasing) }
      let end = end.load(ordering: .acquiring)
      let number = rounds.add(1, ordering: .relaxed).newValue
      if number % 3 == 0 { SystemClock().sleep(nanoseconds: 1000) }
      if number % 7 == 0 { throw LogError(.full, "no space") }
      return Self.mark(end)
    }

    @Sendable func leadElsewhere() {
      do throws(SystemError) {
        try OwnedThread.detached(named: "leads") { [self] in
          queue.lead { () throws(LogError) in try sync() }
        }
      } catch { note("no thread") }
    }

    /// Waits as threads do, and returns why it was in vain.
    func failureNow(of offset: Offset) -> LogError? {
      do throws(LogError) {
        try queue.wait(for: offset, handOver: leadElsewhere) { () throws(LogError) in
          try sync()
        }
        return nil
      } catch { return error }
    }

    /// Waits as tasks do, and returns why it was in vain.
    func failure(of offset: Offset) async -> LogError? {
      do throws(LogError) {
        try await queue.wait(for: offset, handOver: leadElsewhere)
        return nil
      } catch { return error }
    }

    func close() {
      do throws(LogError) {
        try queue.end(LogError(.closed, "closed")) { () throws(LogError) in
          Self.mark(end.load(ordering: .acquiring))
        }
      } catch { note("closing: \(error)") }
    }

    /// What came of a wait, if that may be.
    func check(_ failure: LogError?, _ offset: Offset, allowed: Set<LogError.Code>) {
      if let failure {
        if !allowed.contains(failure.code) { note("\(offset): \(failure)") }
      } else if queue.durableEnd < offset {
        note("\(offset) is not durable")
      }
    }

    func note(_ problem: String) { problems.withLock { $0.append(problem) } }
  }

  private static let rounds = 300

  private func runThread(_ device: Device) {
    for number in 0..<Self.rounds {
      // Somebody brings it to the device who has other reasons to.
      if number % 20 == 0 {
        device.queue.advance(to: Device.mark(device.end.load(ordering: .acquiring)))
      }
      let offset = device.append()
      device.check(device.failureNow(of: offset), offset, allowed: [.full, .closed])
    }
  }

  private func runTask(_ device: Device, isCancelled: Bool) async {
    for number in 0..<Self.rounds {
      let offset = device.append()
      let wait = Task { await device.failure(of: offset) }
      if isCancelled, number % 2 == 0 { wait.cancel() }
      device.check(
        await wait.value, offset,
        allowed: isCancelled ? [.full, .closed, .cancelled] : [.full, .closed])
    }
  }

  /// - Parameter threads: Of eight who wait at a time, how many are threads.
  /// - Parameter ends: Whether the log is closed meanwhile.
  @Test(arguments: [0, 1, 4, 8], [false, true])
  func nobodyIsForgotten(threads: Int, ends: Bool) async throws {
    let device = Device()
    device.threadCount.store(threads, ordering: .relaxed)
    for _ in 0..<threads {
      try OwnedThread.detached(named: "waits") {
        runThread(device)
        device.threadCount.subtract(1, ordering: .releasing)
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for number in threads..<8 {
        group.addTask { await runTask(device, isCancelled: number % 2 == 1) }
      }
      guard ends else { return }
      while device.rounds.load(ordering: .relaxed) < 100 { await Task.yield() }
      await close(device)
    }
    while device.threadCount.load(ordering: .acquiring) > 0 { await Task.yield() }
    #expect(device.problems.withLock { $0 } == [])
    // Whoever led last may look for others yet.
    while !ends, !device.queue.beginLeading() { await Task.yield() }
    #expect(!device.queue.beginLeading())
  }

  /// Closes as a log is closed: what came before is synced, and who comes later is refused.
  private func close(_ device: Device) async {
    let isDone = Outcome<Bool>()
    do throws(SystemError) {
      try OwnedThread.detached(named: "closes") {
        device.close()
        isDone.set(.success(true))
      }
    } catch { return device.note("no thread") }
    while (try? isDone.take()) == nil { await Task.yield() }
  }
}
