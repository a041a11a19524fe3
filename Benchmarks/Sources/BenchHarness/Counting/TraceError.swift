internal import Glibc

/// Why the system calls of a benchmark aren't known.
enum TraceError: Error, Hashable {
  /// The kernel, or the container around this process, doesn't allow it.
  case notAllowed(errno: Int32)
  /// The traced process ran for too long and was killed.
  case timedOut
  /// The traced process failed.
  case failed
  /// The traced process ended without having run the benchmark.
  case unmarked

  init(errno code: Int32) {
    switch code {
    case ETIMEDOUT: self = .timedOut
    case ECHILD: self = .failed
    case EPROTO: self = .unmarked
    default: self = .notAllowed(errno: code)
    }
  }
}

extension TraceError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notAllowed(let code): "\(SystemError("tracing is not allowed", code: code))"
    case .timedOut: "the traced process took too long"
    case .failed: "the traced process failed"
    case .unmarked: "the traced process ended early"
    }
  }
}
