internal import Varve

/// `varve tail`
struct TailRecords: Command {
  static let syntax = Syntax(
    name: "tail", summary: "the newest records of a log, and with -f those to come",
    operands: [.init(name: "log", help: "the log's directory")],
    options: [
      .init(name: "follow", letter: "f", help: "wait for more, until it is interrupted"),
      .init(
        name: "count", letter: "n", value: "count",
        help: "so many of the newest records; 10 without this"),
      .init(name: "from", value: "offset", help: "from this offset on instead; 'earliest' for all"),
    ] + ShownRecord.Form.options,
    about: """
      A record is a line: offset, time, key and value, apart by tabs. It reads what another process is
      writing, and does not disturb it.
      """,
    examples: [
      .init(line: "varve tail -f data/orders-0", meaning: "what comes, as it comes"),
      .init(
        line: "varve tail --from earliest --json data/orders-0 | jq .value",
        meaning: "all values, for a script"),
    ])

  private static let defaultCount = 10

  private let path: String
  private let follows: Bool
  private let count: Int
  private let from: LogPosition?
  private let form: ShownRecord.Form

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    follows = arguments.has("follow")
    count = try arguments.number("count") ?? Self.defaultCount
    from =
      arguments["from"] == "earliest"
      ? .earliest : try arguments.offset("from").map { .offset($0) }
    form = ShownRecord.Form(arguments)
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let directory = try Subject.log(at: path, in: shell)
    do throws(LogError) {
      let log = try await Log.open(
        at: directory, mode: .readOnly, environment: shell.environment)
      let first = from ?? .offset(max(log.start, log.end.advanced(by: -count)))
      let begin = if case .offset(let offset) = first { offset } else { log.start }
      guard follows || begin < log.end else { return .success }
      try await show(log, from: first, begin, until: follows ? nil : log.end, shell)
      return .success
    } catch {
      throw CommandError(error)
    }
  }

  private func show(
    _ log: Log, from position: LogPosition, _ begin: Offset, until end: Offset?, _ shell: Shell
  ) async throws(LogError) {
    for try await batch in log.tail(from: position) {
      // What speaks to readers of the log is not for people.
      if !batch.header.isControl {
        for record in try batch.records() where record.offset >= begin {
          shell.out.write(
            ShownRecord(offset: record.offset, record: Record(copying: record)).bytes(form))
        }
      }
      if batch.header.nextOffset >= log.end { shell.out.flush() }
      if shell.out.isBroken { return }
      if let end, batch.header.nextOffset >= end { return }
    }
  }
}
