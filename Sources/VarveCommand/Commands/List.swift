internal import Varve
internal import VarveSystem

/// `varve ls`
struct List: Command {
  static let syntax = Syntax(
    name: "ls", summary: "what logs there are, or what segments a log has",
    operands: [.init(name: "directory", help: "a log, or a directory of logs")],
    options: [
      .init(
        name: "ends", letter: "e", help: "also where each log ends, which has to be looked for"),
      Syntax.json,
    ],
    about: """
      Of a directory of logs it lists the logs, of a log its segments. It goes by names and sizes
      alone, so it is quick however much there is; with --ends it opens each log to read.
      """,
    examples: [
      .init(line: "varve ls data", meaning: "all logs"),
      .init(line: "varve ls data/orders-0", meaning: "the segments of one"),
      .init(line: "varve ls --json data | jq -r .name", meaning: "their names, for a script"),
    ])

  private let path: String
  private let findsEnds: Bool
  private let isJSON: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    findsEnds = arguments.has("ends")
    isJSON = arguments.has("json")
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    switch try Subject.at(path, in: shell) {
    case .store(let directory): try await listLogs(directory, shell)
    case .log(let directory): try listSegments(directory, shell)
    case .file(let file):
      throw CommandError(
        message: "\(file) is a file", hint: "'varve dump \(file)' shows what is in it.",
        exit: .usage)
    }
    return .success
  }

  private func listLogs(_ directory: String, _ shell: Shell) async throws(CommandError) {
    let look = Look(shell)
    let partitions = try look.names(directory).compactMap { PartitionDirectoryName(parsing: $0) }
      .sorted {
        ($0.topic, $0.partition, $0.description) < ($1.topic, $1.partition, $1.description)
      }
    var table = Table(
      [("NAME", .left), ("START", .right)] + (findsEnds ? [("END", .right)] : [])
        + [("SEGMENTS", .right), ("SIZE", .right), ("CHANGED", .left)])
    for name in partitions {
      // It may have gone meanwhile.
      guard let files = try? LogFiles("\(directory)/\(name)", look) else { continue }
      let end = findsEnds ? await self.end(of: files, shell) : nil
      if isJSON {
        shell.print(json(name, files, end).text)
      } else {
        table.append(
          ["\(name)", files.segments.first.map { "\($0.base)" } ?? "-"]
            + (findsEnds ? [end.map { "\($0)" } ?? "?"] : [])
            + ["\(files.segments.count)", "\(ByteCount(rawValue: files.byteCount))", files.changed])
      }
    }
    if !isJSON { table.lines(for: shell.style).forEach { shell.print($0) } }
  }

  private func end(of files: LogFiles, _ shell: Shell) async -> Offset? {
    guard !files.segments.isEmpty else { return nil }
    return try? await Log.open(
      at: files.directory, mode: .readOnly, environment: shell.environment
    ).end
  }

  private func json(_ name: PartitionDirectoryName, _ files: LogFiles, _ end: Offset?) -> JSON {
    .object(
      [
        ("name", .string("\(name)")), ("topic", .string(name.topic)),
        ("partition", .number(Int64(name.partition))),
        ("state", .string(name.fate?.rawValue ?? "present")),
        ("start", .optional(files.segments.first.map { .offset($0.base) })),
      ] + (findsEnds ? [("end", .optional(end.map { .offset($0) }))] : []) + [
        ("segments", .number(files.segments.count)), ("bytes", .number(files.byteCount)),
        ("changed", .optional(files.segments.last.map { .number($0.modified.rawValue) })),
      ])
  }

  private func listSegments(_ directory: String, _ shell: Shell) throws(CommandError) {
    let look = Look(shell)
    let files = try LogFiles(directory, look)
    var table = Table([
      ("BASE", .right), ("SIZE", .right), ("INDEX", .right), ("TIMES", .right), ("CHANGED", .left),
    ])
    for segment in files.segments {
      func count(_ kind: SegmentFileName.Kind, _ entry: Int) -> Int? {
        (try? look.fileSystem.status(at: files.path(segment.base, kind))).map {
          $0.byteCount / entry
        }
      }
      let offsets = count(.offsetIndex, OffsetIndexEntry.byteCount)
      let times = count(.timeIndex, TimeIndexEntry.byteCount)
      if isJSON {
        shell.print(
          JSON.object([
            ("base", .offset(segment.base)), ("bytes", .number(segment.byteCount)),
            ("indexEntries", .optional(offsets.map { .number($0) })),
            ("timeEntries", .optional(times.map { .number($0) })),
            ("changed", .number(segment.modified.rawValue)),
          ]).text)
      } else {
        table.append([
          "\(segment.base)", "\(ByteCount(rawValue: segment.byteCount))",
          offsets.map { "\($0)" } ?? "-", times.map { "\($0)" } ?? "-", segment.modified.text,
        ])
      }
    }
    if !isJSON { table.lines(for: shell.style).forEach { shell.print($0) } }
  }
}

extension LogFiles {
  fileprivate var changed: String { segments.last?.modified.text ?? "-" }
}
