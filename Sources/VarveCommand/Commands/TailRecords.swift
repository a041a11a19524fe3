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
      try await show(directory, shell)
      return .success
    } catch {
      throw CommandError(error)
    }
  }

  private func show(_ directory: String, _ shell: Shell) async throws(LogError) {
    var log = try await open(directory, shell)
    var next = begin(in: log)
    var end = follows ? nil : log.end
    while end.map({ next < $0 }) ?? true {
      let sight = (next: next, start: log.start)
      do throws(LogError) {
        return try await show(log, from: &next, until: end, shell)
      } catch {
        // Whoever writes the log has removed what was to come next, or put something else in its place. Not what
        // was asked for and had gone before, nor what goes on to be so though the log has been opened again.
        guard error.code == .trimmed, sight.next >= sight.start else { throw error }
        log = try await open(directory, shell)
        guard next > sight.next || log.start > sight.start else { throw error }
        // Who has cut it meanwhile need not append as much again.
        end = end.map { min($0, log.end) }
        if next < log.start {
          shell.errors.write(
            "varve: the records from \(next) to before \(log.start) have been removed\n")
          next = log.start
        }
      }
    }
  }

  private func open(_ directory: String, _ shell: Shell) async throws(LogError) -> Log {
    try await Log.open(at: directory, mode: .readOnly, environment: shell.environment)
  }

  private func begin(in log: Log) -> Offset {
    switch from {
    case .offset(let offset): offset
    case nil: max(log.start, log.end.advanced(by: -count))
    default: log.start
    }
  }

  /// - Parameter next: The first offset that has not been shown.
  private func show(
    _ log: Log, from next: inout Offset, until end: Offset?, _ shell: Shell
  ) async throws(LogError) {
    for try await batch in log.tail(from: .offset(next)) {
      // What speaks to readers of the log is not for people.
      if !batch.header.isControl {
        for record in try batch.records() where record.offset >= next {
          shell.out.write(
            ShownRecord(offset: record.offset, record: Record(copying: record)).bytes(form))
        }
      }
      next = batch.header.nextOffset
      if next >= log.end { shell.out.flush() }
      if shell.out.isBroken { return }
      if let end, next >= end { return }
    }
  }
}
