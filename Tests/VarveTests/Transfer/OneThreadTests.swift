import Foundation
import Synchronization
import Testing
import Varve
import VarveSystem

/// A host whose tasks have one thread between them: whoever held that one up would hold up all.
@Suite struct OneThreadTests {
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic], [false, true])
  func aStalledReceiverHoldsUpNoTask(
    transport: ZeroCopyReader.Transport, isNonblocking: Bool
  ) async throws {
    try await FilledLog.with(
      Place.all[0], byteCount: 3 << 20, segmentByteCount: 8 << 20, transport: transport
    ) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      let link = try Link(.tcp, nonblocking: isNonblocking, bufferByteCount: 64 << 10)
      let (target, progress) = (link.target, TransferProgress())
      let log = filled.log
      let thread = try OneThread()
      let sending = Task(executorPreference: thread) {
        try await reader.send(slice, to: target, progress: progress)
      }
      let appending = Task(executorPreference: thread) {
        for number in 0..<1_000 {
          try log.append(Record(value: "number \(number)"))
          await Task.yield()
        }
      }
      let heart = Task(executorPreference: thread) {
        var beats = 0
        while progress.sentByteCount == 0 || beats < 1_000 {
          beats += 1
          await Task.yield()
        }
        return beats
      }
      // Nobody receives, and both come to their ends.
      try await appending.value
      #expect(await heart.value >= 1_000)
      #expect(progress.sentByteCount < slice.byteCount)
      sending.cancel()
      await expectFailure(.cancelled) { try await sending.value }
      thread.stop()
    }
  }
}

/// An executor of one thread.
private final class OneThread: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isStopped = false
  }

  private let state = Lock(State())
  private let somethingToDo = Condition()

  init() throws {
    try OwnedThread.detached(named: "varve-one") { [self] in
      while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    somethingToDo.wakeOne()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    somethingToDo.wakeAll()
  }

  private func next() -> UnownedJob? {
    state.acquire()
    defer { state.release() }
    while true {
      let (job, isStopped) = state.withHeldLock { state in
        (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isStopped)
      }
      if let job { return job }
      if isStopped { return nil }
      somethingToDo.wait(in: state)
    }
  }
}
