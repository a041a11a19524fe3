internal import Varve
internal import VarveSystem

/// `varve dump`
struct Dump: Command {
  static let syntax = Syntax(
    name: "dump", summary: "what is in a file, or in all segments of a log, byte for byte",
    operands: [
      .init(name: "path", help: "a log, or one of its files, or a checkpoint beside the logs")
    ],
    options: [
      .init(name: "records", letter: "r", help: "also the records in each batch"),
      .init(name: "from", value: "offset", help: "from the batch that holds this offset on"),
      .init(
        name: "max", letter: "n", value: "count", help: "so many batches, or entries, at the most"),
      Syntax.json,
    ],
    about: """
      Shows what is there, right or wrong, and stops where it is no batch any more. It takes segments
      (.log), indexes (.index, .timeindex, .txnindex), snapshots of producers, checkpoints,
      partition.metadata and meta.properties; of messages from before Kafka 0.11 it shows where they lie.
      """,
    examples: [
      .init(line: "varve dump data/orders-0", meaning: "all batches of a log"),
      .init(
        line: "varve dump --records --from 42 -n 1 data/orders-0",
        meaning: "the batch that holds offset 42, with its records"),
      .init(
        line: "varve dump data/orders-0/00000000000000000000.index", meaning: "an index"),
    ])

  private let path: String
  private let from: Offset
  private let limit: Int
  private let form: BatchForm

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    from = try arguments.offset("from") ?? 0
    limit = try arguments.number("max") ?? .max
    form = BatchForm(isJSON: arguments.has("json"), hasRecords: arguments.has("records"))
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    switch try Subject.at(path, in: shell) {
    case .log(let directory): try dumpLog(directory, shell)
    case .file(let file):
      guard SegmentFileName(parsing: file.lastPart)?.kind == .log else {
        return try SmallFileDump(file, limit: limit, isJSON: form.isJSON).run(in: shell)
      }
      var rest = limit
      try dumpSegment(file, &rest, shell)
    case .store(let directory):
      throw CommandError(
        message: "\(directory) is a directory of logs",
        hint: "Name one of them; 'varve ls \(directory)' lists them.", exit: .usage)
    }
    return .success
  }

  private func dumpLog(_ directory: String, _ shell: Shell) throws(CommandError) {
    let files = try LogFiles(directory, Look(shell))
    var rest = limit
    for (segment, next) in zip(files.segments, files.segments.dropFirst().map(\.base) + [.last])
    where next > from && rest > 0 {
      if !form.isJSON {
        shell.print(shell.style.strong(SegmentFileName(segment.base, .log).description))
      }
      try dumpSegment(files.path(segment.base, .log), &rest, shell)
    }
  }

  private func dumpSegment(
    _ path: String, _ rest: inout Int, _ shell: Shell
  ) throws(CommandError) {
    var walk = try SegmentWalk(path, Look(shell))
    while rest > 0, !shell.out.isBroken, let (piece, position) = try walk.next() {
      if case .batch(let header, _) = piece, header.nextOffset <= from { continue }
      rest -= 1
      for line in form.lines(piece, at: position, shell.style) { shell.print(line) }
      switch piece {
      case .batch, .message: continue
      default: return
      }
    }
  }
}

extension Offset {
  fileprivate static var last: Offset { Offset(rawValue: .max) }
}

/// How batches are shown.
struct BatchForm: Sendable {
  let isJSON: Bool
  let hasRecords: Bool

  func lines(_ piece: SegmentWalk.Piece, at position: Int, _ style: Style) -> [String] {
    switch piece {
    case .batch(let header, let bytes): batch(header, bytes, at: position, style)
    case .message(let bytes):
      [said("message", "of a format before version 2, \(bytes.count) bytes", at: position, style)]
    case .zeros(let count): [said("zeros", "\(count) bytes up to the end", at: position, style)]
    case .torn(let count):
      [said("torn", "\(count) bytes up to the end, less than a batch", at: position, style)]
    case .broken(let error): [said("broken", "\(error)", at: position, style)]
    }
  }

  private func said(_ kind: String, _ text: String, at position: Int, _ style: Style) -> String {
    guard isJSON else { return "position \(position)  \(style.doubtful(kind)): \(text)" }
    return JSON.object([
      ("position", .number(position)), ("kind", .string(kind)), ("detail", .string(text)),
    ]).text
  }

  private func batch(
    _ header: BatchHeader, _ bytes: [UInt8], at position: Int, _ style: Style
  ) -> [String] {
    let batch = Result { try RecordBatch(validating: bytes, as: .log) }
    var fault: String?
    if case .failure(let error) = batch { fault = "\(error)" }
    let (records, unread) = hasRecords ? Self.records(try? batch.get()) : ([], nil)
    fault = fault ?? unread
    guard !isJSON else {
      return [json(header, at: position, fault, records).text]
    }
    var line =
      "offsets \(header.baseOffset)...\(header.lastOffset)  position \(position)  "
      + "\(header.byteCount) bytes  \(header.recordCount) records  epoch \(header.leaderEpoch)  "
      + "\(header.codec)  \(header.maxTimestamp.text)"
    if let producer = header.producer {
      line += "  producer \(producer) from \(header.baseSequence)"
    }
    if header.isTransactional { line += "  transactional" }
    if header.isControl { line += "  control" }
    if let horizon = header.deleteHorizon { line += "  deletable from \(horizon.text)" }
    if let fault { line += "  " + style.bad(fault) }
    return [line] + records.map { "  " + $0.line }
  }

  /// The records of a batch, if they can be had, and why they cannot.
  private static func records(_ batch: RecordBatch?) -> ([ShownRecord], String?) {
    guard let batch else { return ([], nil) }
    do throws(LogError) {
      let records = try batch.records().map {
        ShownRecord(offset: $0.offset, record: Record(copying: $0))
      }
      return (records, nil)
    } catch {
      return ([], "\(error)")
    }
  }

  private func json(
    _ header: BatchHeader, at position: Int, _ fault: String?, _ records: [ShownRecord]
  ) -> JSON {
    .object(
      [
        ("position", .number(position)), ("kind", .string("batch")),
        ("baseOffset", .offset(header.baseOffset)), ("lastOffset", .offset(header.lastOffset)),
        ("bytes", .number(header.byteCount)), ("records", .number(Int64(header.recordCount))),
        ("leaderEpoch", .number(Int64(header.leaderEpoch.rawValue))),
        ("codec", .string("\(header.codec)")), ("crc", .number(Int64(header.checksum))),
        ("maxTimestamp", .number(header.maxTimestamp.rawValue)),
        ("timestampType", .string("\(header.timestampType)")),
        ("producerId", .number(header.producer?.id ?? -1)),
        ("producerEpoch", .number(Int64(header.producer?.epoch ?? -1))),
        ("baseSequence", .number(Int64(header.baseSequence.rawValue))),
        ("transactional", .flag(header.isTransactional)), ("control", .flag(header.isControl)),
        ("fault", .optional(fault.map { .string($0) })),
      ] + (hasRecords ? [("content", .list(records.map(\.json)))] : []))
  }
}
