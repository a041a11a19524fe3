internal import Synchronization
internal import VarveSystem

/// What is looked after beside its use: a log.
protocol Maintained: AnyObject, Sendable {
  var maintenance: MaintenanceTicket { get }
  /// Does what there is to do, in pieces that do not take long, and says when to be called again:
  /// nil for not before it is woken.
  func maintain(now: Int64) -> Int64?
}

/// A log's place in the loop.
final class MaintenanceTicket: Sendable {
  /// Whether the log waits to be looked at, so that it is asked for once, however many ask.
  fileprivate let isWaiting = Atomic<Bool>(false)
  var hasBeenAsked: Bool { isWaiting.load(ordering: .relaxed) }

  /// Counts the times at which it was to be called again, of which only the last holds.
  fileprivate let turn = Atomic<Int>(0)
}

/// Calls logs that asked for it, or whose time has come, one after the other, on a thread of its
/// own. In its stepped form there is no thread, and a test calls for each step.
final class MaintenanceLoop: Sendable {
  /// One that asked to be looked at. It is not kept for that: a log has the runtime, and the
  /// runtime must not have the log.
  private struct Request {
    weak var log: (any Maintained)?
  }

  private struct Appointment {
    weak var log: (any Maintained)?
    let turn: Int
  }

  private struct State {
    var waiting: [Request] = []
    var deadlines = DeadlineQueue<Appointment>()
    var isStopped = false
    var isStarted = false

    /// Keeps a request for the thread that is to come: one of a log, however often that asks.
    mutating func keepOnce(_ log: some Maintained) {
      waiting.removeAll { $0.log == nil || $0.log === log }
      waiting.append(Request(log: log))
    }
  }

  private let time: any TimeSource
  private let isStepped: Bool
  private let startThread: ThreadStart
  private let state = Lock(State())
  private let somethingToDo = Condition()

  init(
    time: any TimeSource, isStepped: Bool, start: @escaping ThreadStart = OwnedThread.detached
  ) {
    self.time = time
    self.isStepped = isStepped
    startThread = start
  }

  /// Asks for a log to be looked at soon.
  func wake(_ log: some Maintained) {
    guard !log.maintenance.isWaiting.exchange(true, ordering: .acquiringAndReleasing) else {
      return
    }
    let isHeard = state.withLock { state in
      if start(&state) {
        state.waiting.append(Request(log: log))
        return true
      }
      state.keepOnce(log)
      return false
    }
    // It counts as not having asked, so that its next word has a thread tried again.
    guard isHeard else {
      return log.maintenance.isWaiting.store(false, ordering: .sequentiallyConsistent)
    }
    somethingToDo.wakeOne()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    somethingToDo.wakeAll()
  }

  /// Looks after one log; false if none waits and none is due.
  func step() -> Bool {
    let now = time.monotonicNanoseconds
    guard let log = state.withLock({ next(&$0, now: now) }) else { return false }
    look(after: log, now: now)
    return true
  }

  /// When the next log is due that did not ask.
  var nextDeadline: Int64? { state.withLock { $0.deadlines.earliest } }

  /// Sees to it that there is a thread; false where none can be started now.
  ///
  /// Without one nothing is prepared and nothing sealed: appends go on, by calls, and whoever needs more does
  /// it on its own. So this is no error of the append that came first.
  private func start(_ state: inout State) -> Bool {
    guard !state.isStarted, !state.isStopped, !isStepped else { return true }
    do throws(SystemError) {
      try startThread("varve-upkeep") { [self] in run() }
      state.isStarted = true
    } catch {
      return false
    }
    return true
  }

  private func run() {
    while let log = waitForNext() {
      look(after: log, now: time.monotonicNanoseconds)
    }
  }

  private func look(after log: any Maintained, now: Int64) {
    // Before the look, so that whoever asks during it is heard.
    log.maintenance.isWaiting.store(false, ordering: .sequentiallyConsistent)
    guard let deadline = log.maintain(now: now) else { return }
    let turn = log.maintenance.turn.add(1, ordering: .relaxed).newValue
    state.withLock { $0.deadlines.insert(Appointment(log: log, turn: turn), at: deadline) }
  }

  private func waitForNext() -> (any Maintained)? {
    unsafe state.acquire()
    defer { state.release() }
    while true {
      let (log, deadline) = unsafe state.withHeldLock { state in
        (
          state.isStopped ? nil : next(&state, now: time.monotonicNanoseconds),
          state.isStopped ? nil : state.deadlines.earliest ?? Int64.max
        )
      }
      if let log { return log }
      guard let deadline else { return nil }
      if deadline == .max {
        somethingToDo.wait(in: state)
      } else {
        _ = somethingToDo.wait(in: state, until: deadline)
      }
    }
  }

  private func next(_ state: inout State, now: Int64) -> (any Maintained)? {
    while !state.waiting.isEmpty {
      if let log = state.waiting.removeFirst().log { return log }
    }
    while let appointment = state.deadlines.popDue(at: now) {
      guard let log = appointment.log,
        log.maintenance.turn.load(ordering: .relaxed) == appointment.turn
      else { continue }
      return log
    }
    return nil
  }
}
