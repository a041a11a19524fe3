internal import Varve
internal import VarveSystem

/// `varve append`
struct AppendLines: Command {
  static let syntax = Syntax(
    name: "append", summary: "lines of standard input, each as a record",
    operands: [.init(name: "log", help: "the log's directory")],
    options: [
      .init(name: "keys", letter: "k", help: "a line is a key, a tab and a value"),
      .init(name: "create", help: "make the log if it is not there"),
      Syntax.json,
    ],
    about: """
      This writes: the log is locked meanwhile, and closed at the end, when all lines are on the device.
      It says then at which offsets they lie. A log in a directory of logs is opened with that directory,
      as a server would.
      """,
    examples: [
      .init(line: "echo hello | varve append --create data/greetings-0", meaning: "one record"),
      .init(
        line: "varve tail --from earliest --keys a/orders-0 | varve append --keys b/orders-0",
        meaning: "the records of one log into another"),
    ])

  private let path: String
  private let hasKeys: Bool
  private let creates: Bool
  private let isJSON: Bool

  init(_ arguments: Arguments) throws(CommandError) {
    path = arguments.operands[0]
    hasKeys = arguments.has("keys")
    creates = arguments.has("create")
    isJSON = arguments.has("json")
  }

  func run(in shell: Shell) async throws(CommandError) -> ExitCode {
    let handle = try await WritableLog.open(path, creates: creates, in: shell)
    let result = await append(to: handle.log, shell)
    do throws(LogError) { try await handle.close() } catch {
      if case .success = result { throw CommandError(error) }
    }
    let offsets = try result.get()
    guard !isJSON else {
      shell.print(
        JSON.object([
          ("count", .number(offsets.count)), ("first", .offset(offsets.lowerBound)),
          ("end", .offset(offsets.upperBound)),
        ]).text)
      return .success
    }
    shell.print(
      offsets.isEmpty
        ? "nothing to append"
        : offsets.count.of("record") + ", " + Self.place(offsets) + ", durable"
    )
    return .success
  }

  private static func place(_ offsets: Range<Offset>) -> String {
    offsets.count == 1
      ? "offset \(offsets.lowerBound)"
      : "offsets \(offsets.lowerBound)...\(offsets.upperBound.advanced(by: -1))"
  }

  private func append(to log: Log, _ shell: Shell) async -> Result<Range<Offset>, CommandError> {
    let start = log.end
    do throws(CommandError) {
      while let line = try shell.input.next() {
        let record = self.record(line)
        do throws(LogError) { try log.append(record) } catch { throw CommandError(error) }
      }
      do throws(LogError) { try await log.flush() } catch { throw CommandError(error) }
      return .success(start..<log.end)
    } catch {
      return .failure(error)
    }
  }

  private func record(_ line: [UInt8]) -> Record {
    guard hasKeys else { return Record(value: line) }
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else {
      return Record(key: line, value: nil)
    }
    return Record(key: Array(line[..<tab]), value: Array(line[(tab + 1)...]))
  }
}
