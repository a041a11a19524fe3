internal import Glibc
internal import Synchronization

/// Waits on this thread until an asynchronous function is done: loops that are timed are not
/// asynchronous, since each suspension would be in the time.
public func blocking<Value: Sendable>(
  _ work: @escaping @Sendable () async throws -> Value
) throws -> Value {
  let outcome = Outcome<Value>()
  Task.detached { outcome.set(await Result { try await work() }) }
  return try outcome.wait().get()
}

extension Result where Failure == any Error {
  fileprivate init(_ work: () async throws -> Success) async {
    do { self = .success(try await work()) } catch { self = .failure(error) }
  }
}

/// A result that one thread waits for.
private final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  func set(_ value: Result<Value, any Error>) {
    result.withLock { $0 = value }
  }

  func wait() -> Result<Value, any Error> {
    while true {
      if let value = result.withLock({ $0 }) { return value }
      // Nothing that is timed waits here, so a nap's end is soon enough.
      usleep(1000)
    }
  }
}
