internal import VarveSystem

/// What a log has to tell its observer, on the way there: in order, and under no lock.
final class EventOutbox: Sendable {
  private struct State {
    var events: [LogEvent] = []
    var isDelivering = false
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

  func add(_ event: LogEvent) {
    let mustBegin = state.withLock { state in
      state.events.append(event)
      defer { state.isDelivering = true }
      return !state.isDelivering
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
