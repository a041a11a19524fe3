/// Who waits for what to be on the device, and how far it is: what a group commit decides by.
///
/// One sync at a time serves all who came before it began; who comes while it runs is served by the
/// next one. So nobody waits for more than two.
struct CommitState {
  private(set) var durable: DurableMark
  /// Why nothing more becomes durable, if nothing does.
  private(set) var failure: LogError?
  /// Whether somebody syncs, or is about to.
  private(set) var isLed = false
  /// How many syncs have begun, each with a number from one on, and how many of these have ended.
  private var begunCount = 0
  private(set) var endedCount = 0
  private var gathering = Gathering()
  /// Whether the last one has come whom the next sync waits for.
  private var hasGathered = false
  /// Whether whoever syncs now is the last one: the log is being closed.
  private(set) var isEnding = false
  private(set) var cuts = CutHistory()
  private var waiting: [Waiter] = []
  private var lastKey = 0
  /// Of those who wait no more though nothing is settled, why.
  private var rejections: [Int: LogError] = [:]
  /// What is to be done while nobody syncs.
  private var duties: [Duty] = []
  /// Whether a sync is to come, though nobody may wait for it.
  private var isSyncDue = false

  /// Called by whoever leads; with why not, where nobody leads any more.
  typealias Duty = @Sendable (LogError?) -> Void

  struct Waiter {
    let key: Int
    let offset: Offset
    let task: WaitingTask
  }

  init(durable: DurableMark) { self.durable = durable }
}

// MARK: Waiting

extension CommitState {
  /// A number for somebody who is about to wait.
  mutating func nextKey() -> Int {
    lastKey += 1
    return lastKey
  }

  /// Whether an offset's fate is known: all before it is durable, or never will be.
  func isSettled(_ offset: Offset, _ cutCount: Int = 0) -> Bool {
    durable.offset >= offset || failure != nil || cuts.hasCut(before: offset, since: cutCount)
  }

  mutating func add(_ waiter: Waiter) {
    waiting.append(waiter)
    noteArrival()
  }

  /// Takes somebody out who waits no longer; nil if that was done before.
  mutating func leave(_ key: Int) -> WaitingTask? {
    guard let index = waiting.firstIndex(where: { $0.key == key }) else { return nil }
    return waiting.remove(at: index).task
  }

  /// Whether there is somebody whom nobody serves but the next sync.
  var isAnyoneWaiting: Bool { !waiting.isEmpty }

  /// What came of a wait. Whether it was cut off is asked first: what is durable there may be others'.
  mutating func takeOutcome(_ key: Int, _ offset: Offset, _ cutCount: Int = 0) -> LogError? {
    let rejection = rejections.isEmpty ? nil : rejections.removeValue(forKey: key)
    if cuts.hasCut(before: offset, since: cutCount) { return .cutCommit }
    if durable.offset >= offset { return nil }
    return failure ?? rejection ?? .cancelledCommit
  }
}

// MARK: Taking turns

extension CommitState {
  /// What a thread does next that waits for an offset.
  enum Turn {
    case served
    case failed(LogError)
    /// It syncs.
    case lead
    /// It waits until the sync of this number has ended, or until it is woken to lead that.
    case wait(Int)
  }

  /// - Parameters:
  ///   - awaited: The sync that it has waited for; zero where it has just come.
  ///   - cutCount: How often the log had been cut when it had what is waited for; nil where it is nothing
  ///     that can be cut off.
  mutating func turn(for offset: Offset, awaited: Int, _ cutCount: Int? = nil) -> Turn {
    if let cutCount, cuts.hasCut(before: offset, since: cutCount) { return .failed(.cutCommit) }
    if durable.offset >= offset { return .served }
    if let failure { return .failed(failure) }
    // Once: whoever has led comes by again when it is served.
    if awaited == 0 { noteArrival() }
    if lead() { return .lead }
    // One that has begun before it came may not serve it.
    return .wait(awaited > endedCount ? awaited : nextSync)
  }

  /// The number of the sync that begins next.
  var nextSync: Int { begunCount + 1 }

  /// A sync begins, which serves all who have come. Returns its number.
  mutating func beginSync(now: Int64) -> Int {
    begunCount += 1
    isSyncDue = false
    gathering.begin(now: now)
    return begunCount
  }

  mutating func endSync(now: Int64) {
    endedCount = begunCount
    gathering.end(now: now)
  }

  /// Until when the next sync waits for others; nil where it begins at once.
  mutating func gather(now: Int64) -> Int64? { isEnding ? nil : gathering.wait(now: now) }

  private mutating func noteArrival() {
    if gathering.noteArrival() { hasGathered = true }
  }

  /// Whether somebody is to be told that the last one has come; once.
  mutating func takeGathered() -> Bool {
    defer { hasGathered = false }
    return hasGathered
  }
}

// MARK: Leading

extension CommitState {
  /// Makes the caller the one who syncs, unless there is one.
  mutating func lead() -> Bool {
    guard !isLed, !isEnding, failure == nil else { return false }
    isLed = true
    return true
  }

  /// The same, of who is to sync for nobody in particular.
  mutating func leadSync() -> Bool {
    guard lead() else { return false }
    isSyncDue = true
    return true
  }

  /// Whether whoever leads is to go on, for tasks that wait.
  var needsLeader: Bool {
    (isAnyoneWaiting || isSyncDue || hasDuties) && !isEnding && failure == nil
  }

  /// From now on nobody begins to lead but the one who closes the log; false if somebody does already.
  mutating func beginEnding() -> Bool {
    defer { isEnding = true }
    return !isEnding
  }

  mutating func stopLeading() { isLed = false }

  mutating func add(_ duty: @escaping Duty) { duties.append(duty) }

  var hasDuties: Bool { !duties.isEmpty }

  /// What whoever leads is to do before it syncs, so that syncs do not keep that from being done.
  mutating func takeDuty() -> Duty? {
    hasDuties && !isEnding && failure == nil ? duties.removeFirst() : nil
  }

  /// What nobody does any more.
  mutating func takeDuties() -> [Duty] {
    defer { duties = [] }
    return duties
  }

  /// Takes note of what is on the device by now, and returns who has waited for that.
  ///
  /// Of nothing once a sync has failed: readers have been taken back to what was durable then.
  mutating func advance(to mark: DurableMark) -> [WaitingTask] {
    guard failure == nil, mark > durable else { return [] }
    durable = mark
    return take { $0.offset <= mark.offset }
  }

  /// Nothing becomes durable any more. Returns all who wait.
  mutating func fail(_ error: LogError) -> [WaitingTask] {
    if failure == nil { failure = error }
    return take { _ in true }
  }

  /// A sync did not come about, and a later one may: all who wait are told so.
  mutating func reject(_ error: LogError) -> [WaitingTask] {
    for waiter in waiting { rejections[waiter.key] = error }
    return take { _ in true }
  }

  /// The log ends at a mark, and all of it is durable. Returns all who wait: for less, or in vain.
  ///
  /// - Parameter isFresh: Whether it begins there, too, and nothing of it was kept.
  mutating func cut(to mark: DurableMark, isFresh: Bool = false) -> [WaitingTask] {
    durable = mark
    cuts.note(isFresh ? 0 : mark.offset)
    return take { _ in true }
  }

  private mutating func take(_ isServed: (Waiter) -> Bool) -> [WaitingTask] {
    guard !waiting.isEmpty else { return [] }
    var rest: [Waiter] = []
    var served: [WaitingTask] = []
    served.reserveCapacity(waiting.count)
    for waiter in waiting {
      if isServed(waiter) { served.append(waiter.task) } else { rest.append(waiter) }
    }
    waiting = rest
    return served
  }
}

extension LogError {
  static var cutCommit: LogError {
    LogError(.trimmed, "the log was cut, and what was to become durable is no part of it any more")
  }

  static var cancelledCommit: LogError {
    LogError(
      .cancelled, "the task that waited for records to become durable was cancelled; they may yet")
  }
}
