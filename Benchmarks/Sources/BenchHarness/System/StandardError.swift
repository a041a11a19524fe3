internal import Glibc

/// Where messages go that aren't results.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func print(_ message: String) {
    // There is nowhere to report to that the report failed.
    try? TextFile.write(message + "\n", to: STDERR_FILENO, named: "standard error")
  }
}
