import CLinuxForTests
import Foundation
import Synchronization
import Testing
import VarveSystem

/// A thread that does one thing while the test does another.
final class RunningThread: Sendable {
  private let thread: OwnedThread
  private let facts: Facts

  private final class Facts: Sendable {
    let identity = Lock<(pthread: pthread_t, number: Int32)?>(nil)
    let isDone = Atomic(false)
  }

  init(_ body: @escaping @Sendable () -> Void) throws {
    let facts = Facts()
    self.facts = facts
    thread = try OwnedThread(named: "varve-test") {
      facts.identity.withLock { $0 = (pthread_self(), linux_thread_id()) }
      body()
      facts.isDone.store(true, ordering: .releasing)
    }
  }

  var isDone: Bool { facts.isDone.load(ordering: .acquiring) }

  func join() { thread.join() }

  /// Returns when the thread sleeps in the kernel, or is done.
  func waitUntilItSleeps() throws {
    while !isDone {
      if let number = facts.identity.withLock({ $0?.number }) {
        // "number (name) state ..."
        let text = try String(contentsOfFile: "/proc/self/task/\(number)/stat", encoding: .utf8)
        if text.contains(") S ") { return }
      }
      usleep(500)
    }
  }

  func signal(_ signal: Int32) throws {
    let thread = try #require(facts.identity.withLock { $0?.pthread })
    try #require(pthread_kill(thread, signal) == 0)
  }
}
