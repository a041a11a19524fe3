internal import Glibc
internal import Synchronization

/// Plain threads, as a host that isn't written with tasks has them.
public enum Threads {
  /// Runs the work on so many threads at once and waits for all.
  ///
  /// - Throws: What the first of them to fail threw.
  public static func run(
    _ count: Int, _ work: @escaping @Sendable (_ index: Int) throws -> Void
  ) throws {
    let failure = Failure()
    let threads = try (0..<count).map { index in
      try start { failure.catching { try work(index) } }
    }
    for thread in threads { pthread_join(thread, nil) }
    try failure.rethrow()
  }

  private final class Failure: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    func catching(_ work: () throws -> Void) {
      do { try work() } catch { first.withLock { $0 = $0 ?? error } }
    }

    func rethrow() throws {
      if let error = first.withLock({ $0 }) { throw error }
    }
  }

  private static func start(_ work: @escaping () -> Void) throws -> pthread_t {
    let box = Unmanaged.passRetained(Box(work))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { box in
        Unmanaged<Box>.fromOpaque(box!).takeRetainedValue().work()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      throw SystemError("can't start a thread", code: result)
    }
    return thread
  }

  private final class Box {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }
}
