internal import Glibc
internal import Synchronization

/// Tasks that run beside each other, as a host that is written with them has them.
public enum Tasks {
  /// Runs the work in so many tasks at once and waits for all, on this thread and without a nap, so
  /// that it can be timed.
  ///
  /// - Throws: What the first of them to fail threw.
  public static func run(
    _ count: Int, _ work: @escaping @Sendable (_ index: Int) async throws -> Void
  ) throws {
    let end = End(count)
    for index in 0..<count {
      Task.detached {
        do {
          try await work(index)
          end.reach(nil)
        } catch {
          end.reach(error)
        }
      }
    }
    if let error = end.wait() { throw error }
  }

  // SAFETY: a semaphore may be used by any thread; it is destroyed when nobody has it any more.
  /// When all of them are done.
  private final class End: @unchecked Sendable {
    private let left: Mutex<(count: Int, failure: (any Error)?)>
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ count: Int) {
      left = Mutex((count, nil))
      sem_init(semaphore, 0, 0)
    }

    deinit {
      sem_destroy(semaphore)
      semaphore.deallocate()
    }

    func reach(_ error: (any Error)?) {
      let isLast = left.withLock { left in
        left.count -= 1
        left.failure = left.failure ?? error
        return left.count == 0
      }
      if isLast { sem_post(semaphore) }
    }

    func wait() -> (any Error)? {
      while sem_wait(semaphore) != 0 {}
      return left.withLock { $0.failure }
    }
  }
}
