import Synchronization
import Varve
import VarveTesting

/// A process's life with a log: what ends with it.
final class Life {
  let log: Log
  let runtime: LogRuntime
  let events: Events
  /// Whether what was found has been compared with what may be found.
  var isRecognized = false
  /// Whether a sync is known to have failed that did not poison the log.
  var hasMetFailedSync = false
  /// Whether segments that were deleted may have left files.
  var mayHaveLeftFiles = false

  init(_ log: Log, _ runtime: LogRuntime, _ events: Events) {
    self.log = log
    self.runtime = runtime
    self.events = events
  }

  /// Lets the runtime do what it still has to: until then it keeps the log.
  func finish() { while runtime.step() {} }
}

/// Keeps what a log says of itself.
final class Events: LogObserver {
  private let heard = Mutex<[LogEvent]>([])

  func log(at directory: String, did event: LogEvent) { heard.withLock { $0.append(event) } }

  /// What was heard since this was asked last.
  func take() -> [LogEvent] {
    heard.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
