internal import Synchronization
internal import VarveSystem

// The log is cut by whoever leads: nobody syncs what is cut off meanwhile.

extension CommitQueue {
  /// Calls `body` while nobody syncs. For threads that may block.
  func alone<Result>(
    handOver: () -> Void, _ body: () throws(LogError) -> Result
  ) throws(LogError) -> Result {
    // Nothing is ever durable up to there.
    _ = try waitOrLead(Offset(rawValue: .max), nil)
    defer { stopLeading(handOver) }
    return try body()
  }

  /// Has `body` called while nobody syncs, and waits for that without holding a thread.
  ///
  /// By a thread that leads, and by no other: one that waited to lead might be the one that whoever
  /// leads now needs to get on.
  ///
  /// - Parameter handOver: Has ``lead(unheard:_:)`` called on another thread.
  func alone<Value: Sendable>(
    handOver: @Sendable () -> Void, _ body: @escaping @Sendable () throws(LogError) -> Value
  ) async throws(LogError) -> Value {
    let outcome = Outcome<Value>()
    await unsafe withUnsafeContinuation { continuation in
      let task = unsafe WaitingTask(continuation)
      begin(handOver) { failure in
        do throws(LogError) {
          if let failure { throw failure }
          outcome.set(.success(try body()))
        } catch {
          outcome.set(.failure(error))
        }
        task.wake()
      }
    }
    return try outcome.take()
  }

  private func begin(_ handOver: () -> Void, _ duty: @escaping CommitState.Duty) {
    let (failure, leads) = state.withLock { state in
      if state.failure == nil { state.add(duty) }
      return (state.failure, state.lead())
    }
    if let failure { duty(failure) }
    if leads { handOver() }
  }

  /// The log ends at a mark now, and all of it is durable. Who waits for what is gone is told.
  ///
  /// - Parameter isFresh: Whether it begins there, too, and nothing of it was kept.
  func cut(to mark: DurableMark, isFresh: Bool = false) {
    let woken = state.withLock { state in
      defer { turns.wakeEveryone() }
      let woken = state.cut(to: mark, isFresh: isFresh)
      cuts.store(state.cuts.count, ordering: .sequentiallyConsistent)
      durableOffset.store(mark.offset.rawValue, ordering: .sequentiallyConsistent)
      return woken
    }
    wake(woken)
  }
}
