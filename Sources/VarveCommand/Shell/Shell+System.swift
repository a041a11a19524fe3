internal import Varve
internal import VarveSystem

extension Shell {
  /// Bytes that are read of the input at a time.
  private static let inputByteCount = 64 << 10

  /// The process's own: its input, its outputs, the machine.
  public static func system() -> Shell {
    StandardStream.ignoreBrokenPipes()
    return Shell(
      out: Printer { StandardStream.output.write($0) },
      errors: Printer(limit: 0) { StandardStream.errors.write($0) },
      input: LineReader { () throws(CommandError) in
        do throws(SystemError) {
          return try StandardStream.input.read(upTo: inputByteCount)
        } catch {
          throw CommandError(error, "standard input")
        }
      },
      isTerminal: StandardStream.output.isTerminal,
      showsProgress: StandardStream.errors.isTerminal)
  }
}
