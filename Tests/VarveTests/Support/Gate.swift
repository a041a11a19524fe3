import VarveSystem

/// Where threads are held up until a test lets them pass.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var arrivedCount = 0
  }

  private let state = Lock(State())
  private let changed = Condition()

  /// Waits until the gate is open.
  func pass() {
    state.acquire()
    defer { state.release() }
    state.withHeldLock { $0.arrivedCount += 1 }
    changed.wakeAll()
    while !state.withHeldLock({ $0.isOpen }) { changed.wait(in: state) }
  }

  func open() {
    state.withLock { $0.isOpen = true }
    changed.wakeAll()
  }

  /// How many have come so far, whether they have passed or not.
  var arrivedCount: Int { state.withLock { $0.arrivedCount } }

  /// Waits until so many have come. For tests that may block.
  func waitForArrivals(_ count: Int) {
    state.acquire()
    defer { state.release() }
    while state.withHeldLock({ $0.arrivedCount }) < count { changed.wait(in: state) }
  }

  /// The same for tasks.
  func arrivals(_ count: Int) async { while arrivedCount < count { await Task.yield() } }
}
