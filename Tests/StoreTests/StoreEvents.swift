import Synchronization
import Varve

/// Keeps what a store tells of itself.
final class StoreEvents: LogStoreObserver {
  private let events = Mutex<[LogStoreEvent]>([])

  func store(at directory: String, did event: LogStoreEvent) {
    events.withLock { $0.append(event) }
  }

  var all: [LogStoreEvent] { events.withLock { $0 } }

  var states: [StoreDiskState] {
    all.compactMap { if case .diskStateChanged(let state) = $0 { state } else { nil } }
  }

  var emergencies: [EmergencyReport] {
    all.compactMap { if case .madeRoom(let report) = $0 { report } else { nil } }
  }

  var ballasts: [Int] {
    all.compactMap { if case .ballastChanged(let byteCount) = $0 { byteCount } else { nil } }
  }
}
