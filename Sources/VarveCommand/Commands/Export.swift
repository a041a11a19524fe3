internal import Varve

/// `varve export`
struct Export: Command {
  static let syntax = Syntax(
    name: "export", summary: "a copy of all that is right in a log, in a form that any Kafka takes",
    operands: [
      .init(name: "log", help: "the log's directory"),
      .init(name: "target", help: "a directory that is not there yet"),
    ],
    about: """
      Batches that are damaged are left out, with a gap in the offsets, and said; messages from before
      Kafka 0.11 become batches of format 2. Offsets, times, keys, values and leaders stay. The log
      itself is only read. The exit code is 1 where something was lost.
      """,
    examples: [
      .init(line: "varve export data/orders-0 rescued/orders-0", meaning: "after a bad disk")
    ])

  private let source: String
  private let target: String

  init(_ arguments: Arguments) throws(CommandError) {
    (source, target) = (arguments.operands[0], arguments.operands[1])
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let count = try await Transcript(source, target, mends: true).write(in: shell)
    for lost in count.lost { shell.print("\(shell.style.bad("lost")): \(lost)") }
    var line =
      count.batches.of("batch", "batches")
      + ", \(ByteCount(rawValue: count.bytes)), to \(target.withoutTrailingSlash)"
    if count.converted > 0 { line += "; \(count.converted.of("record")) converted to format 2" }
    shell.print(line)
    return count.lost.isEmpty ? .success : .found
  }
}
