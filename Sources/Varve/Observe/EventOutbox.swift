internal import VarveSystem

/// What a log has to tell its observer, on the way there: in order, and under no lock.
final class EventOutbox: Sendable {
  private struct State {
    var events: [LogEvent] = []
    var isDelivering = false
    /// Those that are told but once.
    var told: Set<LogEvent> = []
  }

  private let observer: any LogObserver
  private let directory: String
  private let workers: WorkerPool
  private let state = Lock(State())

  init(_ observer: any LogObserver, directory: String, workers: WorkerPool) {
    self.observer = observer
    self.directory = directory
    self.workers = workers
  }

  /// Takes note of an event, under whatever locks its witness holds.
  func add(_ event: LogEvent) { state.withLock { $0.events.append(event) } }

  /// The same of an event that stays as it is, and is told but once.
  func add(once event: LogEvent) {
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
    while let event = next() { observer.log(at: directory, did: event) }
  }

  private func next() -> LogEvent? {
    state.withLock { state in
      guard state.events.isEmpty else { return state.events.removeFirst() }
      state.isDelivering = false
      return nil
    }
  }
}
