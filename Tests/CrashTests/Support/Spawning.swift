import CLinuxForTests
import Foundation

/// Starting a program with nothing open but what it is given.
enum Spawning {
  struct Failure: Error { let errno: Int32 }

  /// Where the program lies: beside that of the tests.
  static let child: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().path + "/crash-child"
  }()

  /// Starts the child, and returns its number.
  ///
  /// - Parameter descriptors: What of ours it gets, and under which number.
  static func start(
    _ arguments: [String], descriptors: [(ours: Int32, its: Int32)]
  ) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (ours, its) in descriptors { posix_spawn_file_actions_adddup2(&actions, ours, its) }
    var pid: pid_t = 0
    let error = withStrings([child] + arguments) { arguments in
      withStrings(environment) { environment in
        posix_spawn(&pid, child, &actions, nil, arguments, environment)
      }
    }
    guard error == 0 else { throw Failure(errno: error) }
    return pid
  }

  /// A child that crashes must end, and not look at itself for long.
  private static var environment: [String] {
    var variables = ProcessInfo.processInfo.environment
    variables["SWIFT_BACKTRACE"] = "enable=no"
    return variables.map { "\($0)=\($1)" }
  }

  /// A pipe whose ends a child gets only if it is given them.
  static func pipe() throws(Failure) -> (from: Int32, to: Int32) {
    var ends: (from: Int32, to: Int32) = (-1, -1)
    let error = linux_own_pipe(&ends.from, &ends.to)
    guard error == 0 else { throw Failure(errno: -error) }
    return ends
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }
}
