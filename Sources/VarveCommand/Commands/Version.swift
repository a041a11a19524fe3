internal import Varve

/// `varve version`
struct Version: Command {
  static let syntax = Syntax(
    name: "version", summary: "what this build can do",
    about: "Which codecs it looks into, and whether it sends by io_uring.")

  init(_ arguments: Arguments) throws(CommandError) {}

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let codecs = CompressionCodec.allCases.filter { $0 != .none && $0.isBuiltIn }
    shell.print(
      "codecs\t" + (codecs.isEmpty ? "none" : codecs.map(\.description).joined(separator: " ")))
    shell.print("format\tKafka record batches of version 2; versions 0 and 1 to read")
    return .success
  }
}
