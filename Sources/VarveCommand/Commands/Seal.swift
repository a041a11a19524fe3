internal import Varve
internal import VarveSystem

/// `varve seal`
struct Seal: Command {
  static let syntax = Syntax(
    name: "seal", summary: "make a crashed log, or a directory of logs, fit for Kafka",
    operands: [.init(name: "directory", help: "a log, or a directory of logs")],
    options: [
      .init(
        name: "dry-run", help: "say what is not as it should be, as verify does, and change nothing"
      )
    ],
    about: """
      This writes: it opens what it is given as a server would, so that torn ends are cut and indexes
      made, and closes it: then all files have their final form, and a directory of logs has Kafka's
      checkpoints and its mark of a clean stop. What was durable stays.

      A log of which a part is lost is not fit for Kafka, which would cut it there. It is sealed all the
      same, there is no mark, and the exit code is 1: 'varve export' writes a copy without that part.
      """,
    examples: [
      .init(line: "varve seal data", meaning: "before a broker is started on it"),
      .init(line: "varve verify data", meaning: "and whether that is so"),
    ])

  private let path: String
  private let isDry: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    isDry = arguments.has("dry-run")
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    guard !isDry else {
      return try await Verify(path).run(in: shell)
    }
    switch try Subject.at(path, in: shell) {
    case .log(let directory): return try await sealLog(directory, shell)
    case .store(let directory): return try await sealStore(directory, shell)
    case .file(let file):
      throw CommandError(
        message: "\(file) is a file", hint: "Name the directory of its log.", exit: .usage)
    }
  }

  private func sealLog(_ directory: String, _ shell: Shell) async throws(CommandError) -> ExitCode {
    let handle = try await WritableLog.open(directory, creates: false, in: shell)
    let found = say(handle.log.recovery, directory, shell)
    let end = handle.log.end
    do throws(LogError) { try await handle.close() } catch { throw CommandError(error) }
    shell.print("\(directory): sealed, up to offset \(end)")
    return found
  }

  private func sealStore(
    _ directory: String, _ shell: Shell
  ) async throws(CommandError) -> ExitCode {
    do throws(LogError) {
      let store = try await LogStore.open(at: directory, environment: shell.environment)
      var exit = ExitCode.success
      for partition in store.partitions {
        guard let report = store.opening.recoveries[partition] else { continue }
        if say(report, "\(partition)", shell) == .found { exit = .found }
      }
      for (partition, error) in store.failures.sorted(by: { "\($0.key)" < "\($1.key)" }) {
        shell.print("\(partition): \(shell.style.bad("does not open")): \(error.message)")
        exit = .found
      }
      for name in store.opening.skippedDirectories {
        shell.print(
          "\(name): \(shell.style.doubtful("is no log")); Kafka does not start with it there")
        exit = .found
      }
      let count = store.partitions.count
      try await store.close()
      shell.print("\(directory): \(count.of("log")) sealed")
      return exit
    } catch {
      throw CommandError(error)
    }
  }

  /// What opening has found, in words.
  private func say(_ report: RecoveryReport?, _ name: String, _ shell: Shell) -> ExitCode {
    guard let report else { return .success }
    if report.cutByteCount > 0 {
      shell.print(
        "\(name): \(report.cutByteCount) bytes cut at offset \(report.cutOffset ?? report.end), "
          + "which no one had been told were durable")
    }
    for damage in report.damage {
      shell.print("\(name): \(shell.style.bad("lost")): \(damage)")
    }
    return report.damage.isEmpty ? .success : .found
  }
}
