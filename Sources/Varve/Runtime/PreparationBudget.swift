internal import Synchronization

/// What all logs of a runtime may have ready ahead of their ends.
final class PreparationBudget: Sendable {
  let byteCount: Int
  private let logCount = Atomic<Int>(0)

  init(byteCount: Int) { self.byteCount = max(0, byteCount) }

  /// A log begins, or ends, to have bytes ready.
  func enter() { logCount.add(1, ordering: .relaxed) }
  func leave() { logCount.subtract(1, ordering: .relaxed) }

  /// What each log that is written to may have ready.
  var share: Int { byteCount / max(1, logCount.load(ordering: .relaxed)) }
}
