internal import Varve
internal import VarveSystem

/// How a command ends. What each number means is part of what the command promises.
public enum ExitCode: Int32, Sendable, CaseIterable {
  /// All is well.
  case success = 0
  /// The command did its work, and found something wrong.
  case found = 1
  /// It was called in a way that it does not understand.
  case usage = 2
  /// It could not do its work.
  case failed = 3
}

/// Why a command did not do what it was asked, and what to do about it.
struct CommandError: Error, Hashable, Sendable {
  var message: String
  /// What to do next.
  var hint: String?
  var exit = ExitCode.failed

  static func usage(_ message: String, _ syntax: Syntax? = nil) -> CommandError {
    CommandError(
      message: message,
      hint: syntax.map { "'\($0.usage)'; 'varve \($0.name) --help' says more." }
        ?? "'varve help' says how commands are called.",
      exit: .usage)
  }
}

extension CommandError {
  init(_ error: LogError) {
    message = error.message
    hint = Self.hint(error)
  }

  private static func hint(_ error: LogError) -> String? {
    switch error.code {
    case .locked:
      "Stop the process that has it first. ls, stat, dump, tail and verify need no lock."
    case .corrupt:
      "'varve verify' says what is wrong; 'varve export' writes a copy of what is right."
    case .full: "Make room on the device, or use 'varve clean' with a bound."
    case .unsupported: "This build may lack a codec; 'varve version' says which it has."
    case .invalidArgument, .trimmed: nil
    default: error.systemCall.flatMap { Self.hint(errno: $0.errno) }
    }
  }

  /// What a call on a path failed with.
  init(_ error: SystemError, _ path: String) {
    message = "\(path): \(error)"
    switch error.errno {
    case .noSuchFile: (message, hint) = ("\(path): there is no such file or directory", nil)
    case .accessDenied:
      (message, hint) = ("\(path): permission denied", Self.hint(errno: error.errno.rawValue))
    default: hint = nil
    }
  }

  private static func hint(errno: Int32) -> String? {
    switch errno {
    case Errno.accessDenied.rawValue: "Run it as the user to whom the directory belongs."
    default: nil
    }
  }
}
