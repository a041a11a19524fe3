/// `varve copy`
struct Copy: Command {
  static let syntax = Syntax(
    name: "copy",
    summary: "a log's batches, byte for byte, to a log of its own, another store, or a file",
    operands: [
      .init(name: "log", help: "the log's directory"),
      .init(name: "target", help: "a directory that is not there yet, or a file"),
    ],
    options: [
      .init(name: "file", help: "the target is a file: batches back to back, as in a segment")
    ],
    about: """
      It may run while the log is written: the copy holds what was there when it came to it. The target
      gets indexes, snapshots and leaders of its own, made from the batches. Where the directory above it
      is one of logs, it becomes one of them. What is damaged ends the copy with an error: see export.
      """,
    examples: [
      .init(line: "varve copy data/orders-0 backup/orders-0", meaning: "a backup"),
      .init(line: "varve copy --file data/orders-0 orders.batches", meaning: "in one file"),
    ])

  private let source: String
  private let target: String
  private let isToFile: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    (source, target) = (arguments.operands[0], arguments.operands[1])
    isToFile = arguments.has("file")
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let transcript = Transcript(source, target, mends: false)
    let count =
      isToFile ? try transcript.writeFile(in: shell) : try await transcript.write(in: shell)
    shell.print(
      count.batches.of("batch", "batches")
        + ", \(ByteCount(rawValue: count.bytes)), to \(target.withoutTrailingSlash)")
    return .success
  }
}
