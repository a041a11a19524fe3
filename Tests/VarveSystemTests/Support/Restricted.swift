import CLinuxForTests
import Glibc
import Testing
import VarveSystem

/// Calls `body` on a thread that has the rights of nobody in particular, and none of root's.
func asNobody<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value {
  let found = Lock<Value?>(nil)
  let thread = try OwnedThread(named: "varve-nobody") {
    // Whoever is not root has no more rights to lose.
    guard getuid() != 0 || linux_become_nobody() == 0 else { return }
    let value = body()
    found.withLock { $0 = value }
  }
  thread.join()
  return try #require(found.withLock { $0 }, "the thread did not become nobody")
}

/// A small file system in memory that only the calling test sees, and that goes away with it.
enum PrivateMount {
  /// Whether this process may mount at all: root may, where no container forbids it.
  static let isAllowed: Bool = {
    let found = Lock(false)
    let thread = try? OwnedThread(named: "varve-mount") {
      let isAllowed = linux_own_mounts() >= 0
      found.withLock { $0 = isAllowed }
    }
    thread?.join()
    return found.withLock { $0 }
  }()

  static let refusal: Comment = "mounting a small tmpfs takes CAP_SYS_ADMIN"

  /// Calls `body` with the folder where a tmpfs is mounted, on a thread that alone sees it there.
  static func withTmpfs(
    _ options: String, _ body: @escaping @Sendable (TemporaryDirectory) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    let result = Lock<Result<Void, any Error>?>(nil)
    let thread = try OwnedThread(named: "varve-mount") {
      let made = Result {
        try #require(linux_own_mounts() == 0)
        try #require(linux_mount_tmpfs(directory.path, options) == 0)
        try body(directory)
      }
      result.withLock { $0 = made }
    }
    thread.join()
    try #require(result.withLock { $0 }).get()
  }
}
