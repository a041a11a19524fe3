internal import Varve
internal import VarveSystem

/// `varve clean`
struct Clean: Command {
  static let syntax = Syntax(
    name: "clean", summary: "what retention by some bounds removes from a log",
    operands: [.init(name: "log", help: "the log's directory")],
    options: [
      .init(
        name: "dry-run",
        help: "say what would go, and change nothing; works while the log is written"),
      .init(
        name: "older-than", value: "time", help: "segments whose newest record is older: 36h, 7d"),
      .init(
        name: "beyond", value: "size", help: "the oldest segments of what is more than this: 10GiB"),
      .init(
        name: "free", value: "size", help: "the oldest segments until so much of the disk is free"),
    ],
    about: """
      Without --dry-run this writes: whole segments go, the oldest first, for ever. The log is locked
      meanwhile. At least one bound must be given.
      """,
    examples: [
      .init(
        line: "varve clean --dry-run --older-than 7d data/orders-0",
        meaning: "what a week would keep")
    ])

  private let path: String
  private let isDry: Bool
  private let policy: RetentionPolicy

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    isDry = arguments.has("dry-run")
    policy = RetentionPolicy(
      age: try arguments.duration("older-than"), byteCount: try arguments.bytes("beyond"),
      freeByteCount: try arguments.bytes("free"))
    guard policy.age != nil || policy.byteCount != nil || policy.freeByteCount != nil else {
      throw .usage("a bound is missing: --older-than, --beyond or --free", Self.syntax)
    }
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let directory = try Subject.log(at: path, in: shell)
    guard isDry else { return try await clean(directory, shell) }
    do throws(LogError) {
      let log = try await Log.open(
        at: directory, mode: .readOnly, runtime: shell.runtime, environment: shell.environment)
      let plan = try await log.cleanerPlan(by: policy)
      let gone = log.segments.filter { $0.endOffset <= plan.deletesBelow ?? log.start }
      say(gone.map { ($0.baseOffset, $0.byteCount) }, "would go", shell)
    } catch {
      throw CommandError(error)
    }
    return .success
  }

  private func clean(
    _ directory: String, _ shell: Shell
  ) async throws(CommandError) -> ExitCode {
    let handle = try await WritableLog.open(directory, creates: false, in: shell)
    do throws(LogError) {
      let report = try await handle.log.clean(by: policy)
      say(report.deleted.map { ($0.baseOffset, $0.byteCount) }, "gone", shell)
      try await handle.close()
    } catch {
      throw CommandError(error)
    }
    return .success
  }

  private func say(_ segments: [(Offset, Int)], _ what: String, _ shell: Shell) {
    for (base, byteCount) in segments {
      shell.print("\(SegmentFileName(base, .log))\t\(ByteCount(rawValue: byteCount))")
    }
    let sum = segments.reduce(0) { $0 + $1.1 }
    shell.print(segments.count.of("segment") + ", \(ByteCount(rawValue: sum)), \(what)")
  }
}
