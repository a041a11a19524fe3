internal import Varve
internal import VarveSystem

/// `varve stat`
struct Stat: Command {
  static let syntax = Syntax(
    name: "stat", summary: "where a log begins and ends, and how it is",
    operands: [.init(name: "directory", help: "a log, or a directory of logs")],
    options: [Syntax.json],
    about: """
      Of a log: its offsets, segments, leaders, producers, and who has it. Of a directory of logs: how
      many there are, whose it is, and whether it was left in order. Nothing is changed.
      """,
    examples: [.init(line: "varve stat data/orders-0", meaning: "a log")])

  private let path: String
  private let isJSON: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    isJSON = arguments.has("json")
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let facts: [(String, String, JSON)]
    switch try Subject.at(path, in: shell) {
    case .log(let directory): facts = try await self.facts(ofLog: directory, shell)
    case .store(let directory): facts = try self.facts(ofStore: directory, shell)
    case .file(let file):
      throw CommandError(
        message: "\(file) is a file", hint: "'varve dump \(file)' shows what is in it.",
        exit: .usage)
    }
    if isJSON {
      shell.print(JSON.object(facts.map { ($0.0, $0.2) }).text)
    } else {
      let width = facts.map(\.0.count).max() ?? 0
      for (name, text, _) in facts {
        let blank = String(repeating: " ", count: width - name.count + 2)
        shell.print(shell.style.name(name) + blank + text)
      }
    }
    return .success
  }

  private func facts(
    ofLog directory: String, _ shell: Shell
  ) async throws(CommandError) -> [(String, String, JSON)] {
    let look = Look(shell)
    let files = try LogFiles(directory, look)
    guard !files.segments.isEmpty else {
      throw CommandError(message: "\(directory) holds no segment", hint: nil)
    }
    let log: Log
    let newest: TimestampedOffset?
    do throws(LogError) {
      log = try await Log.open(at: directory, mode: .readOnly, environment: shell.environment)
      newest = try await log.newestRecord()
    } catch {
      throw CommandError(error)
    }
    let producers = log.producers.entries
    let holder = look.holder(ofLog: directory)
    let topic = try look.bytesIfThere(directory + "/" + CheckpointName.partitionMetadata.rawValue)
      .flatMap { try? PartitionMetadata(parsing: $0.span.bytes).topicID }
    return [
      ("directory", directory, .string(directory)),
      ("topicID", topic.map { "\($0)" } ?? "-", .optional(topic.map { .string("\($0)") })),
      ("start", "\(log.start)", .offset(log.start)), ("end", "\(log.end)", .offset(log.end)),
      ("lastStable", "\(log.lastStableOffset)", .offset(log.lastStableOffset)),
      (
        "newest", newest?.timestamp.text ?? "-",
        .optional(newest.map { .number($0.timestamp.rawValue) })
      ),
      ("segments", "\(log.segments.count)", .number(log.segments.count)),
      ("bytes", "\(log.byteCount) (\(ByteCount(rawValue: log.byteCount)))", .number(log.byteCount)),
      ("leaderEpoch", "\(log.leaderEpoch)", .number(Int64(log.leaderEpoch.rawValue))),
      ("producers", "\(producers.count)", .number(producers.count)),
      (
        "openTransactions", "\(producers.count { $0.transactionStart != nil })",
        .number(producers.count { $0.transactionStart != nil })
      ),
      ("lockedBy", holder ?? "nobody", .optional(holder.map { .string($0) })),
    ]
  }

  private func facts(
    ofStore directory: String, _ shell: Shell
  ) throws(CommandError) -> [(String, String, JSON)] {
    let look = Look(shell)
    let names = try look.names(directory)
    let partitions = names.compactMap { PartitionDirectoryName(parsing: $0) }
    let present = partitions.filter { $0.fate == nil }
    var (segments, bytes) = (0, 0)
    for name in present {
      guard let files = try? LogFiles("\(directory)/\(name)", look) else { continue }
      segments += files.segments.count
      bytes += files.byteCount
    }
    let properties = try look.bytesIfThere(directory + "/" + CheckpointName.metaProperties.rawValue)
      .flatMap { try? MetaProperties(parsing: $0.span.bytes) }
    let isClean = names.contains(CheckpointName.cleanShutdown.rawValue)
    let holder = look.holder(of: directory)
    let doomed = partitions.count { $0.fate == .delete }
    return [
      ("directory", directory, .string(directory)),
      ("logs", "\(present.count)", .number(present.count)),
      ("topics", "\(Set(present.map(\.topic)).count)", .number(Set(present.map(\.topic)).count)),
      ("segments", "\(segments)", .number(segments)),
      ("bytes", "\(bytes) (\(ByteCount(rawValue: bytes)))", .number(bytes)),
      ("beingDeleted", "\(doomed)", .number(doomed)),
      (
        "cluster", properties?.clusterID ?? "-",
        .optional(properties?.clusterID.map { .string($0) })
      ),
      (
        "node", properties?.nodeID.map { "\($0)" } ?? "-",
        .optional(properties?.nodeID.map { .number(Int64($0)) })
      ),
      ("leftInOrder", isClean ? "yes" : "no", .flag(isClean)),
      ("lockedBy", holder ?? "nobody", .optional(holder.map { .string($0) })),
    ]
  }
}
