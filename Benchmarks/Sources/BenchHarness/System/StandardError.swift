internal import Glibc

/// Where messages go that aren't results.
enum StandardError {
  static func print(_ message: String, terminator: String = "\n") {
    // There is nowhere to report to that the report failed.
    try? TextFile.write(message + terminator, to: STDERR_FILENO, named: "standard error")
  }
}
