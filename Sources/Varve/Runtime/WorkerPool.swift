internal import VarveSystem

/// Starts a thread with a name that nobody waits for: one of the machine's, unless a test says otherwise.
typealias ThreadStart =
  @Sendable (_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> Void

/// Threads for what may wait for a device or a peer, so that the cooperative pool's do not.
final class WorkerPool: Sendable {
  private struct State {
    var jobs = JobQueue<@Sendable () -> Void>()
    var idleCount = 0
    var threadCount = 0
    var isStopped = false
  }

  private let name: String
  private let limit: Int
  private let isInline: Bool
  private let start: ThreadStart
  private let state = Lock(State())
  private let somethingToDo = Condition()

  /// - Parameters:
  ///   - isInline: Whether there are no threads, and jobs are done where they are given.
  ///   - start: How a thread is started.
  init(
    named name: String = "varve-worker", limit: Int, isInline: Bool,
    start: @escaping ThreadStart = OwnedThread.detached
  ) {
    self.name = name
    self.limit = limit
    self.isInline = isInline
    self.start = start
  }

  /// Has a job done: where several wait, the weightiest first.
  func perform(weight: Int = 0, _ job: @escaping @Sendable () -> Void) {
    guard !isInline else { return job() }
    let needsThread = state.withLock { state in
      state.jobs.add(job, weight: weight)
      guard state.idleCount < state.jobs.count, state.threadCount < limit else { return false }
      state.threadCount += 1
      return true
    }
    if needsThread { startThread() }
    somethingToDo.wakeOne()
  }

  /// Has something done, and waits for it without holding a thread.
  func run<Value: Sendable>(
    weight: Int = 0, _ body: @escaping @Sendable () throws(LogError) -> Value
  ) async throws(LogError) -> Value {
    let errand = Errand(body)
    await unsafe withUnsafeContinuation { continuation in
      perform(weight: weight) {
        errand.carryOut()
        unsafe continuation.resume()
      }
    }
    return try errand.outcome.take()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    somethingToDo.wakeAll()
  }

  private func startThread() {
    do throws(SystemError) {
      try start(name) { [self] in work() }
    } catch {
      state.withLock { $0.threadCount -= 1 }
      workAlone()
    }
  }

  /// What there is must still be done, and while there is no thread by whoever asked: also what others have
  /// given to the thread that did not come to be.
  private func workAlone() {
    while let job = state.withLock({ $0.threadCount == 0 ? $0.jobs.next() : nil }) { job() }
  }

  private func work() {
    while let job = waitForJob() { job() }
  }

  private func waitForJob() -> (@Sendable () -> Void)? {
    unsafe state.acquire()
    defer { state.release() }
    while true {
      let (job, isStopped) = unsafe state.withHeldLock { state in
        (state.jobs.next(), state.isStopped)
      }
      // What was given before the end is done.
      if let job { return job }
      if isStopped { return nil }
      unsafe state.withHeldLock { $0.idleCount += 1 }
      somethingToDo.wait(in: state)
      unsafe state.withHeldLock { $0.idleCount -= 1 }
    }
  }
}
