import Glibc
import Varve

/// Why a child does not do what it was told to.
enum Refusal: Error, Hashable {
  case usage(String)
  case unsupported(String)
}

/// How a child ends that is not killed: the status that it exits with.
enum Ending: Int32 {
  /// It has done what it was told to.
  case done = 0
  /// It was told what makes no sense.
  case usage = 64
  /// It was told what this version cannot do.
  case unsupported = 69
  /// The log threw an error.
  case logFailed = 70
  /// The system refused something else.
  case systemFailed = 71
  /// Nobody listens any more.
  case unheard = 74

  static func failed(_ error: any Error) -> Never {
    let ending: Ending =
      switch error {
      case Refusal.usage: .usage
      case Refusal.unsupported: .unsupported
      case is LogError: .logFailed
      default: .systemFailed
      }
    ending.take("\(error)")
  }

  func take(_ reason: String? = nil) -> Never {
    if let reason {
      let text = Array("crash-child: \(reason)\n".utf8)
      write(STDERR_FILENO, text, text.count)
    }
    // No handlers of `exit`: other threads are still at it.
    _exit(rawValue)
  }
}
