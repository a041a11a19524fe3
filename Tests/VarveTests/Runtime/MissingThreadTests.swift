import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// What is to be done by threads while the process can have no more of them.
@Suite struct MissingThreadTests {
  /// Starts threads, but not the first ones that it is asked for.
  private final class Scarcity: Sendable {
    private let failures: Lock<Int>
    private let tries = Atomic<Int>(0)
    /// Where each attempt that fails is held up.
    let gate: Gate?

    init(failures: Int, gate: Gate? = nil) {
      self.failures = Lock(failures)
      self.gate = gate
    }

    var tryCount: Int { tries.load(ordering: .relaxed) }

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
      tries.add(1, ordering: .relaxed)
      let fails = failures.withLock { failures in
        defer { failures = max(0, failures - 1) }
        return failures > 0
      }
      guard fails else { return try OwnedThread.detached(named: name, body) }
      gate?.pass()
      throw SystemError(.startThread, .again)
    }
  }

  // MARK: Upkeep

  /// Counts how often it was looked after.
  private final class Ward: Maintained {
    let maintenance = MaintenanceTicket()
    let looks = Gate()

    func maintain(now: Int64) -> Int64? {
      looks.pass()
      return nil
    }

    init() { looks.open() }
  }

  private func loop(_ scarcity: Scarcity) -> MaintenanceLoop {
    MaintenanceLoop(time: SystemClock(), isStepped: false) { name, body throws(SystemError) in
      try scarcity.start(name, body)
    }
  }

  /// Whoever could not be looked after is when the next one asks, whoever that is.
  @Test func upkeepBeginsWhenItCan() async {
    let scarcity = Scarcity(failures: 3)
    let loop = loop(scarcity)
    let (first, second) = (Ward(), Ward())
    for count in 1...3 {
      loop.wake(first)
      #expect(scarcity.tryCount == count && !first.maintenance.hasBeenAsked)
    }
    loop.wake(second)
    await second.looks.arrivals(1)
    await first.looks.arrivals(1)
    // All that it has asked for is done by one look, and from now on there is a thread.
    loop.wake(second)
    await second.looks.arrivals(2)
    #expect(scarcity.tryCount == 4 && first.looks.arrivedCount == 1)
    loop.stop()
  }

  @Test func whatHasStoppedBeginsNoMore() {
    let scarcity = Scarcity(failures: 1)
    let loop = loop(scarcity)
    let ward = Ward()
    loop.wake(ward)
    loop.stop()
    loop.wake(ward)
    #expect(scarcity.tryCount == 1 && ward.looks.arrivedCount == 0)
  }

  // MARK: Jobs

  private func pool(_ limit: Int, _ scarcity: Scarcity) -> WorkerPool {
    WorkerPool(limit: limit, isInline: false) { name, body throws(SystemError) in
      try scarcity.start(name, body)
    }
  }

  /// Two count on the thread that a third one is about to start: what they have given is done by him.
  @Test(arguments: [1, 4])
  func nobodyWaitsForAThreadThatIsNotThere(_ limit: Int) async throws {
    let (gate, done) = (Gate(), Gate())
    done.open()
    let scarcity = Scarcity(failures: limit, gate: gate)
    let pool = pool(limit, scarcity)
    for _ in 0..<limit {
      try OwnedThread.detached(named: "ask") { pool.perform { done.pass() } }
    }
    await gate.arrivals(limit)
    for _ in 0..<2 { pool.perform { done.pass() } }
    #expect(done.arrivedCount == 0)
    gate.open()
    await done.arrivals(limit + 2)
    // The next one has a thread again.
    pool.perform { done.pass() }
    await done.arrivals(limit + 3)
    #expect(scarcity.tryCount == limit + 1)
    pool.stop()
  }
}
