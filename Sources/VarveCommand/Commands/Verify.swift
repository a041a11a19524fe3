internal import Varve

/// `varve verify`
struct Verify: Command {
  static let syntax = Syntax(
    name: "verify", summary: "whether all bytes are as they should be",
    operands: [.init(name: "directory", help: "a log, or a directory of logs")],
    options: [
      .init(name: "deep", help: "also look into compressed batches"),
      .init(name: "closed", help: "hold it to what a clean close leaves: warnings count as errors"),
      Syntax.json,
    ],
    about: """
      Each batch: its checksum, its header, its records, and its place behind the one before. Each index
      entry: that it leads where it says. Snapshots, transaction indexes, checkpoints. All that is wrong is
      said, one line each, and the exit code is 1.

      It reads files alone and takes no lock: of a log that is being written, what is not there yet is no
      error. What a crash leaves is a warning: opening the log sees to it, or 'varve seal'.
      """,
    examples: [
      .init(line: "varve verify data", meaning: "all logs"),
      .init(
        line: "varve verify --closed data && tar -cf data.tar data", meaning: "before a hand-over"),
    ])

  private let path: String
  private let looksInside: Bool
  private let isStrict: Bool
  private let isJSON: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    looksInside = arguments.has("deep")
    isStrict = arguments.has("closed")
    isJSON = arguments.has("json")
  }

  /// Of whatever lies there, as a person reads it.
  init(_ path: String) {
    self.path = path
    (looksInside, isStrict, isJSON) = (false, false, false)
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let look = Look(shell)
    switch try Subject.at(path, in: shell) {
    case .log(let directory):
      let files = try LogFiles(directory, look)
      let bar = ProgressBar("verifying", of: files.byteCount, in: shell)
      var done = 0
      let found = try verify(files, look, shell) {
        done += $0
        bar.show(done)
      }
      bar.end()
      return say(found.findings, found.count, directory, shell)
    case .store(let directory): return try verifyStore(directory, look, shell)
    case .file(let file):
      throw CommandError(
        message: "\(file) is a file", hint: "Name the directory of its log.", exit: .usage)
    }
  }

  private func verify(
    _ files: LogFiles, _ look: Look, _ shell: Shell, progress: @escaping (Int) -> Void
  ) throws(CommandError) -> (findings: [Finding], count: LogVerification.Count) {
    var verification = LogVerification(
      files, look, isLive: look.isLive(files.directory), looksInside: looksInside,
      progress: progress)
    try verification.run()
    return (verification.findings, verification.count)
  }

  private func verifyStore(
    _ directory: String, _ look: Look, _ shell: Shell
  ) throws(CommandError) -> ExitCode {
    var store = StoreVerification(directory, look)
    try store.begin()
    var logs: [(PartitionDirectoryName, LogFiles)] = []
    for name in store.partitions {
      // It may have been deleted meanwhile.
      guard let files = try? LogFiles("\(directory)/\(name)", look) else { continue }
      logs.append((name, files))
    }
    let bar = ProgressBar("verifying", of: logs.reduce(0) { $0 + $1.1.byteCount }, in: shell)
    var (done, exit) = (0, ExitCode.success)
    for (name, files) in logs {
      let found = try verify(files, look, shell) {
        done += $0
        bar.show(done)
      }
      store.compare(name, end: found.count.end)
      bar.end()
      if say(found.findings, found.count, "\(name)", shell) == .found { exit = .found }
      if shell.out.isBroken { return .success }
    }
    bar.end()
    return sayFindings(store.findings, shell) ? .found : exit
  }

  /// Whether what was found is wrong.
  private func sayFindings(_ findings: [Finding], _ shell: Shell) -> Bool {
    for finding in findings {
      shell.print(isJSON ? finding.json.text : finding.line(shell.style))
    }
    return findings.contains { $0.severity == .error || isStrict }
  }

  private func say(
    _ findings: [Finding], _ count: LogVerification.Count, _ name: String, _ shell: Shell
  ) -> ExitCode {
    let isWrong = sayFindings(findings, shell)
    let isFine = findings.isEmpty
    if isJSON {
      shell.print(
        JSON.object([
          ("kind", .string("log")), ("log", .string(name)), ("fine", .flag(isFine)),
          ("segments", .number(count.segments)), ("batches", .number(count.batches)),
          ("records", .number(count.records)), ("bytes", .number(count.bytes)),
          ("start", .optional(count.start.map { .offset($0) })), ("end", .offset(count.end)),
        ]).text)
    } else {
      let verdict = isFine ? shell.style.good("fine") : findings.count.of("finding")
      var line =
        "\(name): \(count.segments.of("segment")), \(count.batches.of("batch", "batches")), "
        + "\(count.records.of("record")), "
        + "\(ByteCount(rawValue: count.bytes)), up to offset \(count.end): \(verdict)"
      if count.messages > 0 {
        line +=
          "; \(count.messages.of("message")) of before format 2, for 'varve export' to convert"
      }
      shell.print(line)
    }
    return isWrong ? .found : .success
  }
}
