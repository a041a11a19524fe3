internal import VarveSystem

/// What a log, or a store, has to tell its observer, on the way there: in order, and under no lock.
final class EventOutbox<Event: Hashable & Sendable>: Sendable {
  private struct State {
    var events: [Event] = []
    var isDelivering = false
    /// Those that are told but once.
    var told: Set<Event> = []
  }

  private let tell: @Sendable (Event) -> Void
  private let workers: WorkerPool
  private let state = Lock(State())

  init(workers: WorkerPool, _ tell: @escaping @Sendable (Event) -> Void) {
    self.workers = workers
    self.tell = tell
  }

  /// Takes note of an event, under whatever locks its witness holds.
  func add(_ event: Event) { state.withLock { $0.events.append(event) } }

  /// The same of an event that stays as it is, and is told but once.
  func add(once event: Event) {
    state.withLock { if $0.told.insert(event).inserted { $0.events.append(event) } }
  }

  /// Has told what has been noted. To be called under no lock.
  func flush() {
    let mustBegin = state.withLock { state in
      guard !state.events.isEmpty, !state.isDelivering else { return false }
      state.isDelivering = true
      return true
    }
    if mustBegin { workers.perform { [self] in deliver() } }
  }

  private func deliver() {
    while let event = next() { tell(event) }
  }

  private func next() -> Event? {
    state.withLock { state in
      guard state.events.isEmpty else { return state.events.removeFirst() }
      state.isDelivering = false
      return nil
    }
  }
}
