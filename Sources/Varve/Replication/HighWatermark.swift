internal import Synchronization
internal import VarveSystem

/// Up to where a log is known to be replicated, and who waits for that to move.
///
/// Whoever replicates says so; the log bounds it. It is kept in memory alone, as Kafka's logs do: the
/// file in which Kafka has it is one for a directory of logs.
final class HighWatermark: Sendable {
  private let current: Atomic<Int64>
  private let isSet = Atomic<Bool>(false)
  /// Held while it is moved.
  private let moving = Lock<Void>(())
  let watchers = TailWaiters()

  init(_ start: Offset) { current = Atomic(start.rawValue) }

  var offset: Offset { Offset(rawValue: current.load(ordering: .acquiring)) }

  /// Whether somebody replicates the log.
  var isKnown: Bool { isSet.load(ordering: .acquiring) }

  /// For those who have begun to wait for it to go beyond an offset.
  func hasReached(beyond offset: Offset) -> Bool {
    current.load(ordering: .sequentiallyConsistent) > offset.rawValue
  }

  /// Moves it to where `next` says, given where it is, and returns where that is and whether it was
  /// elsewhere. Does not wake anybody.
  func move(
    isSet marks: Bool = false, _ next: (Offset) -> Offset
  ) -> (offset: Offset, hasMoved: Bool) {
    moving.withLock { _ in
      if marks { isSet.store(true, ordering: .releasing) }
      let before = offset
      let after = next(before)
      // As the log's end is: see ``TailWaiters/wakeIfAny()``.
      current.store(after.rawValue, ordering: .sequentiallyConsistent)
      return (after, after != before)
    }
  }
}
