import Glibc

/// Threads of the system's: what they do waits for devices.
enum Threads {
  struct Failure: Error { let errno: Int32 }

  /// Calls `body` on so many threads at once, each with its number, and waits for all of them.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    let threads = try (0..<count).map { number in try start { body(number) } }
    for thread in threads { pthread_join(thread, nil) }
  }

  @discardableResult
  static func start(_ body: @escaping @Sendable () -> Void) throws(Failure) -> pthread_t {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Body(run: body))
    let error = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, start.toOpaque())
    guard error == 0 else {
      start.release()
      throw Failure(errno: error)
    }
    return thread
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
