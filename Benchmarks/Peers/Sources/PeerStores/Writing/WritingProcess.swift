internal import Glibc

/// A process that writes to a store, and is killed in the middle of that.
package final class WritingProcess {
  private let pid: pid_t
  private let output: Int32
  private var unread: [UInt8] = []
  private var isOver = false

  /// Starts it.
  ///
  /// - Parameter program: One that carries out orders; this one, unless said otherwise.
  package init(_ order: WritingOrder, program: String = "/proc/self/exe") throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ProcessError("can't make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    output = ends[0]
    defer { Glibc.close(ends[1]) }
    do {
      pid = try Self.start(program, order.words, output: ends[1])
    } catch {
      Glibc.close(ends[0])
      throw error
    }
  }

  deinit {
    kill()
    Glibc.close(output)
  }

  private static func start(_ program: String, _ words: [String], output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    let arguments = ([program] + words).map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var pid = pid_t()
    let result = posix_spawn(&pid, program, &actions, nil, arguments, environ)
    guard result == 0 else { throw ProcessError("can't start \(program)", code: result) }
    return pid
  }

  /// Waits for its next report; nil if it has ended instead.
  package func nextReport() -> WritingReport? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: unread[..<end], as: UTF8.self)
        unread.removeSubrange(...end)
        return WritingReport(line: line)
      }
      let bytes = nextBytes()
      if bytes.isEmpty { return nil }
      unread += bytes
    }
  }

  /// None if there are no more.
  private func nextBytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 1 << 12) { buffer, count in
      var result = read(output, buffer.baseAddress, buffer.count)
      while result < 0 && errno == EINTR {
        result = read(output, buffer.baseAddress, buffer.count)
      }
      count = max(0, result)
    }
  }

  /// Kills it, and waits until it is no more: its locks are free then.
  package func kill() {
    guard !isOver else { return }
    isOver = true
    _ = Glibc.kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }
}
