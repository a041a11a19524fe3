internal import Synchronization
internal import VarveSystem

/// The batches of a log from a position on, and those to come, as they come.
///
/// ```swift
/// for try await batch in log.tail(from: .latest) { … }
/// ```
///
/// Each iteration asks for one batch, so nothing piles up behind a slow reader. It ends when the log
/// is closed. A task that is cancelled gets ``LogError/Code/cancelled``, and one that would wait for
/// more of a log that a failed sync has poisoned, ``LogError/Code/poisoned``.
public struct Tail: AsyncSequence, Sendable {
  /// One batch, which owns its bytes together with its neighbours.
  public typealias Element = RecordBatch
  /// What can go wrong.
  public typealias Failure = LogError

  let log: Log
  let position: LogPosition
  let isolation: ReadIsolation

  /// Begins at the position, as it is when the first batch is asked for.
  public func makeAsyncIterator() -> Iterator {
    Iterator(log: log, cursor: TailCursor(log, from: position, isolation))
  }

  /// Goes from batch to batch.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let log: Log
    fileprivate let cursor: TailCursor

    /// The next batch, as soon as there is one; nil once the log is closed.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) -> RecordBatch? {
      while true {
        switch try cursor.next() {
        case .batch(let batch): return batch
        case .needsDevice:
          let cursor = cursor
          try await log.runtime.workers.run { () throws(LogError) in try cursor.waitForDevice() }
        case .atEnd:
          guard !Task.isCancelled else { throw .cancelledWait }
          let (log, next, isolation) = (log, cursor.nextOffset, cursor.isolation)
          // Ended first: after that a log grows no more.
          if let ending = log.waiters(isolation).ending, log.end(isolation) <= next {
            guard ending.code == .closed else { throw ending }
            return nil
          }
          await log.waitToGrow(beyond: next, isolation)
        }
      }
    }
  }
}

extension Log {
  /// The batches from a position on, and those to come.
  ///
  /// - Parameters:
  ///   - position: Where to begin.
  ///   - isolation: Up to where the log is read; ``LogPosition/latest`` is there, too. With
  ///     ``ReadIsolation/lastStable`` the batches are those whose records count.
  public func tail(
    from position: LogPosition, isolation: ReadIsolation = .logEnd
  ) -> Tail {
    Tail(log: self, position: position, isolation: isolation)
  }

  /// Waits until something lies behind an offset, or the log is closed, or the task is cancelled.
  func waitToGrow(beyond offset: Offset, _ isolation: ReadIsolation) async {
    await waiters(isolation).wait {
      // Whoever does not write the log must look for what is written.
      if self.mode == .readOnly { self.runtime.maintenance.wake(self) }
      return self.hasReached(beyond: offset, isolation)
    }
  }

  /// Whether there is something behind an offset for those who read so far.
  private func hasReached(beyond offset: Offset, _ isolation: ReadIsolation) -> Bool {
    switch isolation {
    case .logEnd: hasGrown(beyond: offset)
    case .durable: commits.hasReached(beyond: offset)
    case .lastStable: hasStableGrown(beyond: offset)
    }
  }

  /// For whoever has begun to wait. Sequentially consistent, as is the store of the end: one of
  /// those that append and that wait sees the other.
  func hasGrown(beyond offset: Offset) -> Bool {
    publishedEnd.load(ordering: .sequentiallyConsistent) > offset.rawValue
  }
}

extension LogError {
  static var cancelledWait: LogError {
    LogError(.cancelled, "the task that waited for the log to grow was cancelled")
  }
}
