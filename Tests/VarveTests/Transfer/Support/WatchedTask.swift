import Testing
import VarveSystem

/// A task of which a test finds out how it ends, and need not wait for ever if it does not.
struct WatchedTask: Sendable {
  private final class Ending: Sendable {
    let result = Lock<Result<Int, any Error>?>(nil)
  }

  private let ending: Ending
  private let task: Task<Void, Never>

  init(_ body: @escaping @Sendable () async throws -> Int) {
    let ending = Ending()
    self.ending = ending
    task = Task {
      let result: Result<Int, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      ending.result.withLock { $0 = result }
    }
  }

  func cancel() { task.cancel() }

  /// How it ended; nil if it has not after ten seconds.
  func outcome() async -> Result<Int, any Error>? {
    for _ in 0..<1_000 {
      if let result = ending.result.withLock({ $0 }) { return result }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return nil
  }
}
