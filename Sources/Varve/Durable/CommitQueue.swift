internal import Synchronization
internal import VarveSystem

/// Where those wait who want to know their records on the device: a group commit.
///
/// A thread that may block leads a sync itself if nobody does. For tasks one of the runtime's threads
/// leads, for as long as there are any.
final class CommitQueue: Sendable {
  /// Syncs what there is, and returns how far that was.
  typealias Round = () throws(LogError) -> DurableMark

  let state: Lock<CommitState>
  let durableOffset: Atomic<Int64>
  /// How many syncs have ended, for those who are woken and have no lock. Written within the lock.
  private let endedSyncs = Atomic(0)
  /// How often the log has been cut, for the same. Written within the lock, and before what is durable then:
  /// whoever sees what is durable since, sees this.
  let cuts = Atomic(0)
  let turns = SyncTurns()
  /// Whether others may come while somebody waits for them.
  private let gathers: Bool
  /// Who waits to read what is durable, and has nothing synced for that.
  let watchers = TailWaiters()

  /// - Parameter gathers: Whether a sync waits a little for those whom the last one has served.
  init(durable: DurableMark, gathers: Bool = true) {
    self.gathers = gathers
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

  /// How often the log has been cut.
  var cutCount: Int { cuts.load(ordering: .acquiring) }

  /// Why nothing more becomes durable, if nothing does.
  var failure: LogError? { state.withLock { $0.failure } }

  /// Takes note of what is on the device by now, though nobody leads who would have brought it there.
  func advance(to mark: DurableMark) {
    let woken = state.withLock { state in
      defer { turns.wakeEveryone() }
      return advance(&state, to: mark)
    }
    wake(woken)
  }

  private func advance(_ state: inout CommitState, to mark: DurableMark) -> [WaitingTask] {
    let woken = state.advance(to: mark)
    // As the log's end is: see ``TailWaiters/wakeIfAny()``.
    durableOffset.store(state.durable.offset.rawValue, ordering: .sequentiallyConsistent)
    return woken
  }

  /// Nothing becomes durable any more. Returns whether anything did until now: the first reason is the
  /// one that holds.
  @discardableResult
  func fail(_ error: LogError) -> Bool {
    let (isFirst, woken, duties) = state.withLock { state in
      defer { turns.wakeEveryone() }
      return (state.failure == nil, state.fail(error), state.takeDuties())
    }
    wake(woken)
    for duty in duties { duty(error) }
    return isFirst
  }

  func wake(_ tasks: [WaitingTask]) {
    // Outside the lock: a continuation may run on this very thread.
    for task in tasks { task.wake() }
    watchers.wakeIfAny()
  }
}

// MARK: Syncing

extension CommitQueue {
  /// Syncs, for the one who leads.
  private func sync(_ round: Round) throws(LogError) {
    let number = beginSync()
    do throws(LogError) {
      let mark = try round()
      let (threads, tasks) = state.withLock { state in
        (endSync(&state, number), advance(&state, to: mark))
      }
      threads.wake(atOnce: LogLimits.wokenAtOnce)
      wake(tasks)
    } catch {
      state.withLock { endSync(&$0, number) }.wake(atOnce: LogLimits.wokenAtOnce)
      throw error
    }
  }

  /// Begins a sync: once those have come who are worth it, where some are.
  private func beginSync() -> Int {
    unsafe state.acquire()
    defer { state.release() }
    while gathers, let deadline = unsafe state.withHeldLock({ $0.gather(now: now) }) {
      guard turns.waitForArrivals(in: state, until: deadline) else { break }
    }
    return unsafe state.withHeldLock { $0.beginSync(now: now) }
  }

  /// Returns those threads for whom the sync was.
  private func endSync(_ state: inout CommitState, _ number: Int) -> SleepingThreads.Taken {
    state.endSync(now: now)
    endedSyncs.store(number, ordering: .releasing)
    return turns.takeAll(of: number)
  }

  private var now: Int64 { gathers ? SystemClock.monotonicNanoseconds : 0 }

  /// Wakes who gathers, if the last one has come whom it waits for.
  private func wakeGatherer(_ state: inout CommitState) {
    if state.takeGathered() { turns.wakeArrivals() }
  }
}

// MARK: For threads that may block

extension CommitQueue {
  /// Waits until all before an offset is durable, and syncs if nobody else does.
  ///
  /// - Parameters:
  ///   - cutCount: What ``cutCount`` was when the log was seen to reach so far.
  ///   - handOver: Has ``lead(_:)`` called on another thread, for tasks that wait.
  func wait(
    for offset: Offset, _ cutCount: Int = 0, handOver: () -> Void, _ round: Round
  ) throws(LogError) {
    while try waitOrLead(offset, cutCount) {
      defer { stopLeading(handOver) }
      try sync(round)
    }
  }

  /// Returns whether the caller is to lead; false once the offset is durable.
  func waitOrLead(_ offset: Offset, _ cutCount: Int?) throws(LogError) -> Bool {
    var awaited = 0
    while true {
      switch takeTurn(for: offset, awaited, cutCount) {
      case .served: return false
      case .lead: return true
      case .failed(let failure): throw failure
      case .wait(let number):
        if isServed(offset, by: number, cutCount) { return false }
        awaited = number
      }
    }
  }

  /// Where it is to wait, has waited when it returns.
  private func takeTurn(
    for offset: Offset, _ awaited: Int, _ cutCount: Int?
  ) -> CommitState.Turn {
    unsafe state.acquire()
    let turn = unsafe state.withHeldLock { state in
      defer { wakeGatherer(&state) }
      return state.turn(for: offset, awaited: awaited, cutCount)
    }
    switch turn {
    case .wait(let number): turns.wait(for: number, releasing: state)
    case .lead: state.release()
    case .served, .failed:
      // Who goes without leading may have been woken to lead, in vain.
      let next = unsafe state.withHeldLock { awaited > 0 ? takeNext($0) : nil }
      state.release()
      next?.wake()
    }
    return turn
  }

  /// Whether the sync that was waited for has ended and has done what it was waited for: then there is nothing
  /// to be done under the lock, where all who are woken would meet.
  ///
  /// If the caller was woken to lead, that is over too: somebody else has led this very sync, and whoever stops
  /// leading wakes the next one.
  private func isServed(_ offset: Offset, by number: Int, _ cutCount: Int?) -> Bool {
    endedSyncs.load(ordering: .acquiring) >= number && isDurable(offset, cutCount)
  }

  /// Whether all before an offset is durable, and still what it was when the log had been cut so often.
  /// False where it has been cut since: then it depends on where.
  func isDurable(_ offset: Offset, _ cutCount: Int?) -> Bool {
    durableEnd >= offset && (cutCount == nil || cutCount == self.cutCount)
  }

  func stopLeading(_ handOver: () -> Void) {
    let next: SleepingThreads.Taken? = state.withLock { state in
      state.needsLeader ? nil : stopLeading(&state)
    }
    if let next { next.wake() } else { handOver() }
  }

  /// Returns one of those who have not been served, to be woken: it leads, unless somebody does before.
  private func stopLeading(_ state: inout CommitState) -> SleepingThreads.Taken {
    state.stopLeading()
    if state.isEnding { turns.wakeEnding() }
    return turns.takeOne(of: state.nextSync)
  }

  /// The same for those who go without leading; nil where somebody leads.
  private func takeNext(_ state: CommitState) -> SleepingThreads.Taken? {
    state.isLed ? nil : turns.takeOne(of: state.nextSync)
  }
}

// MARK: For tasks

extension CommitQueue {
  /// Waits until all before an offset is durable.
  ///
  /// - Parameters:
  ///   - cutCount: What ``cutCount`` was when the log was seen to reach so far.
  ///   - handOver: Has ``lead(_:)`` called on another thread.
  func wait(
    for offset: Offset, _ cutCount: Int = 0, handOver: @Sendable () -> Void
  ) async throws(LogError) {
    guard !isDurable(offset, cutCount) else { return }
    let key = state.withLock { $0.nextKey() }
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        begin(key, offset, cutCount, unsafe WaitingTask(continuation), handOver)
        // What was cancelled before it had begun to wait, is not heard of otherwise.
        if Task.isCancelled { leave(key) }
      }
    } onCancel: {
      leave(key)
    }
    if let error = state.withLock({ $0.takeOutcome(key, offset, cutCount) }) { throw error }
  }

  private func begin(
    _ key: Int, _ offset: Offset, _ cutCount: Int, _ task: WaitingTask,
    _ handOver: () -> Void
  ) {
    let (isSettled, leads) = state.withLock { state in
      guard !state.isSettled(offset, cutCount) else { return (true, false) }
      state.add(CommitState.Waiter(key: key, offset: offset, task: task))
      wakeGatherer(&state)
      return (false, state.lead())
    }
    if isSettled { task.wake() }
    if leads { handOver() }
  }

  private func leave(_ key: Int) { state.withLock { $0.leave(key) }?.wake() }
}

// MARK: Leading

extension CommitQueue {
  /// Begins to lead a sync, for nobody in particular; false if somebody leads.
  func beginLeading() -> Bool { state.withLock { $0.leadSync() } }

  /// Does what is to be done alone, or syncs, and goes on while there are tasks that wait. For whoever
  /// has begun to lead.
  ///
  /// - Parameter unheard: Told of a failure that nobody waits to hear of.
  func lead(unheard: (LogError) -> Void = { _ in }, _ round: Round) {
    repeat {
      if let duty = state.withLock({ $0.takeDuty() }) {
        duty(nil)
      } else {
        sync(round, unheard)
      }
    } while mustGoOn()
  }

  private func sync(_ round: Round, _ unheard: (LogError) -> Void) {
    do throws(LogError) {
      try sync(round)
    } catch {
      let waiting = state.withLock { $0.reject(error) }
      if waiting.isEmpty { unheard(error) }
      wake(waiting)
    }
  }

  private func mustGoOn() -> Bool {
    let next: SleepingThreads.Taken? = state.withLock { state in
      state.needsLeader ? nil : stopLeading(&state)
    }
    next?.wake()
    return next == nil
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
      turns.waitForEnding(in: state)
    }
  }
}
