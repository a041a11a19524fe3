import BenchHarness
import Synchronization
import Varve

/// How many syncs an append to a log has had to wait for, at the most.
///
/// Whoever waits may be told long before he runs again, and by then further syncs have begun, which
/// he did not wait for. So this looks when a sync begins, and whoever was served has been told. Of
/// what was appended before the last sync but one had ended, all must be durable then: the last one
/// began after that. That makes two syncs at the most, one that was under way and the next one; and
/// one more for each sync further back that something still waits for.
final class SyncWatch: SyncCalls.Watcher {
  private let log: Log
  private let state = Mutex(State())

  private struct State {
    /// Where the log ended when the last syncs had ended, the latest last.
    var ends: [Offset] = []
    var most = 0
  }

  private static let remembered = 16

  init(_ log: Log) {
    self.log = log
  }

  func syncBegins() {
    let durableEnd = log.durableEnd
    state.withLock { state in
      let late = state.ends.dropLast().count { $0 > durableEnd }
      state.most = max(state.most, 2 + late)
    }
  }

  func syncEnded() {
    let end = log.end
    state.withLock { state in
      if state.ends.count == Self.remembered { state.ends.removeFirst() }
      state.ends.append(end)
    }
  }

  /// Nil as long as nothing was synced.
  var mostSyncs: Double? {
    state.withLock { $0.most == 0 ? nil : Double($0.most) }
  }
}
