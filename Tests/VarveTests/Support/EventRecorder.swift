import Synchronization
import Varve

/// Keeps what a log tells of itself.
final class EventRecorder: LogObserver {
  private let events = Mutex<[LogEvent]>([])

  func log(at directory: String, did event: LogEvent) { events.withLock { $0.append(event) } }

  var all: [LogEvent] { events.withLock { $0 } }

  /// The reasons for which the log went on in new segments, in order.
  var rolls: [RollReason] {
    all.compactMap { event in
      if case .rolled(_, let reason) = event { reason } else { nil }
    }
  }

  /// The base offsets of segments of which an index was found wrong.
  var wrongIndexes: [Offset] {
    all.compactMap { event in
      if case .indexWasWrong(let base, _) = event { base } else { nil }
    }
  }

  /// The base offsets of segments whose index files have been written anew.
  var rebuiltIndexes: [Offset] {
    all.compactMap { event in
      if case .indexWasRebuilt(let base) = event { base } else { nil }
    }
  }

  /// What policies had removed, in order.
  var cleanings: [CleanerReport] {
    all.compactMap { event in
      if case .cleaned(let report) = event { report } else { nil }
    }
  }

  /// What was found to be lost, in order.
  var damage: [DamagedRange] {
    all.compactMap { event in
      if case .damageFound(let part) = event { part } else { nil }
    }
  }

  /// How the disk was doing, in order.
  var diskStates: [DiskState] {
    all.compactMap { event in
      if case .diskStateChanged(let state) = event { state } else { nil }
    }
  }

  /// What the scrubber has told.
  var scrubs: [ScrubReport] {
    all.compactMap { event in
      if case .scrubbed(let report) = event { report } else { nil }
    }
  }

  var failures: [LogError] {
    all.compactMap { event in
      switch event {
      case .maintenanceFailed(let error), .poisoned(let error), .cleaningFailed(let error): error
      default: nil
      }
    }
  }
}
