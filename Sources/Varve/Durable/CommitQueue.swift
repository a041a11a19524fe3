internal import Synchronization
internal import VarveSystem

/// Where those wait who want to know their records on the device: a group commit.
///
/// A thread that may block leads a sync itself if nobody does. For tasks one of the runtime's threads
/// leads, for as long as there are any.
final class CommitQueue: Sendable {
  /// Syncs what there is, and returns how far that was.
  typealias Round = () throws(LogError) -> DurableMark

  private let state: Lock<CommitState>
  private let durableOffset: Atomic<Int64>
  /// What threads wait for: a sync has ended, or nobody leads.
  private let roundEnded = Condition()
  /// Who waits to read what is durable, and has nothing synced for that.
  let watchers = TailWaiters()

  init(durable: DurableMark) {
    state = Lock(CommitState(durable: durable))
    durableOffset = Atomic(durable.offset.rawValue)
  }

  /// The first offset that may not be on the device.
  var durableEnd: Offset { Offset(rawValue: durableOffset.load(ordering: .acquiring)) }

  var durable: DurableMark { state.withLock { $0.durable } }

  /// Whether what is durable goes beyond an offset. For those who have begun to wait for that.
  func hasReached(beyond offset: Offset) -> Bool {
    durableOffset.load(ordering: .sequentiallyConsistent) > offset.rawValue
  }

  /// Why nothing more becomes durable, if nothing does.
  var failure: LogError? { state.withLock { $0.failure } }

  /// Takes note of what is on the device by now.
  func advance(to mark: DurableMark) {
    let woken = state.withLock { state in
      let woken = state.advance(to: mark)
      // As the log's end is: see ``TailWaiters/wakeIfAny()``.
      durableOffset.store(state.durable.offset.rawValue, ordering: .sequentiallyConsistent)
      return woken
    }
    wake(woken)
  }

  /// Nothing becomes durable any more.
  func fail(_ error: LogError) { wake(state.withLock { $0.fail(error) }) }

  private func wake(_ tasks: [WaitingTask]) {
    roundEnded.wakeAll()
    // Outside the lock: a continuation may run on this very thread.
    for task in tasks { task.wake() }
    watchers.wakeIfAny()
  }
}

// MARK: For threads that may block

extension CommitQueue {
  /// Waits until all before an offset is durable, and syncs if nobody else does.
  ///
  /// - Parameter handOver: Has ``lead(_:)`` called on another thread, for tasks that wait.
  func wait(
    for offset: Offset, handOver: () -> Void, _ round: Round
  ) throws(LogError) {
    while try waitOrLead(offset) {
      defer { stopLeading(handOver) }
      advance(to: try round())
    }
  }

  /// Returns whether the caller is to lead; false once the offset is durable.
  private func waitOrLead(_ offset: Offset) throws(LogError) -> Bool {
    unsafe state.acquire()
    defer { state.release() }
    while true {
      let (isDurable, failure, leads) = unsafe state.withHeldLock { state in
        let isDurable = state.durable.offset >= offset
        return (isDurable, state.failure, !isDurable && state.lead())
      }
      if isDurable { return false }
      if let failure { throw failure }
      if leads { return true }
      roundEnded.wait(in: state)
    }
  }

  private func stopLeading(_ handOver: () -> Void) {
    let mustHandOver = state.withLock { state in
      guard !state.needsLeader else { return true }
      state.stopLeading()
      return false
    }
    if mustHandOver { handOver() } else { roundEnded.wakeAll() }
  }
}

// MARK: For tasks

extension CommitQueue {
  /// Waits until all before an offset is durable.
  ///
  /// - Parameter handOver: Has ``lead(_:)`` called on another thread.
  func wait(for offset: Offset, handOver: @Sendable () -> Void) async throws(LogError) {
    guard durableEnd < offset else { return }
    let key = state.withLock { $0.nextKey() }
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        begin(key, offset, unsafe WaitingTask(continuation), handOver)
        // What was cancelled before it had begun to wait, is not heard of otherwise.
        if Task.isCancelled { leave(key) }
      }
    } onCancel: {
      leave(key)
    }
    if let error = state.withLock({ $0.takeOutcome(key, offset) }) { throw error }
  }

  private func begin(
    _ key: Int, _ offset: Offset, _ task: WaitingTask, _ handOver: () -> Void
  ) {
    let (isSettled, leads) = state.withLock { state in
      guard !state.isSettled(offset) else { return (true, false) }
      state.add(CommitState.Waiter(key: key, offset: offset, task: task))
      return (false, state.lead())
    }
    if isSettled { task.wake() }
    if leads { handOver() }
  }

  private func leave(_ key: Int) { state.withLock { $0.leave(key) }?.wake() }
}

// MARK: Leading

extension CommitQueue {
  /// Begins to lead, for nobody in particular; false if somebody does.
  func beginLeading() -> Bool { state.withLock { $0.lead() } }

  /// Syncs, and goes on while there are tasks that wait. For whoever has begun to lead.
  ///
  /// - Parameter unheard: Told of a failure that nobody waits to hear of.
  func lead(unheard: (LogError) -> Void = { _ in }, _ round: Round) {
    repeat {
      do throws(LogError) {
        advance(to: try round())
      } catch {
        let waiting = state.withLock { $0.reject(error) }
        if waiting.isEmpty { unheard(error) }
        wake(waiting)
      }
    } while mustGoOn()
    roundEnded.wakeAll()
  }

  private func mustGoOn() -> Bool {
    state.withLock { state in
      guard !state.needsLeader else { return true }
      state.stopLeading()
      return false
    }
  }
}

// MARK: Ending

extension CommitQueue {
  /// Lets `round` sync for all who wait, as the last one: who comes later is told why by `end`. Whoever
  /// calls this meanwhile waits until that is done.
  func end(_ end: LogError, _ round: Round) throws(LogError) {
    waitForLeader()
    do throws(LogError) {
      advance(to: try round())
    } catch {
      fail(end)
      throw error
    }
    fail(end)
  }

  /// Waits until nobody leads, and lets nobody begin.
  private func waitForLeader() {
    unsafe state.acquire()
    defer { state.release() }
    let isFirst = unsafe state.withHeldLock { $0.beginEnding() }
    while unsafe state.withHeldLock({ ($0.isLed || !isFirst) && $0.failure == nil }) {
      roundEnded.wait(in: state)
    }
  }
}
