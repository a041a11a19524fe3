internal import Varve

/// Where a command runs: what it writes to and reads from, and what it may know of both.
public struct Shell: Sendable {
  /// What it has to say.
  let out: Printer
  /// What went wrong, and how far it is.
  let errors: Printer
  let input: LineReader
  let environment: LogEnvironment
  /// Whose threads look after the logs that it writes.
  let runtime: LogRuntime
  /// Whether a person looks at what it has to say.
  let isTerminal: Bool
  /// Whether a person looks at what goes wrong, so that progress may be shown there.
  let showsProgress: Bool

  init(
    out: Printer, errors: Printer, input: LineReader, environment: LogEnvironment = .system,
    runtime: LogRuntime = .shared, isTerminal: Bool = false, showsProgress: Bool = false
  ) {
    self.out = out
    self.errors = errors
    self.input = input
    self.environment = environment
    self.runtime = runtime
    self.isTerminal = isTerminal
    self.showsProgress = showsProgress
  }

  var style: Style { Style(isColoured: isTerminal) }

  func print(_ line: String) { out.write(line + "\n") }
}
