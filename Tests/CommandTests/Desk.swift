import Testing
import VarveSystem
import VarveTesting

@testable import Varve
@testable import VarveCommand

/// Where a test has the command do something: a simulated disk, on which time stands still.
final class Desk: Sendable {
  let clock = ManualClock()
  let disk: SimulatedFileSystem
  let environment: LogEnvironment
  private let written = Lock<(out: [UInt8], errors: [UInt8])>(([], []))

  init() {
    disk = SimulatedFileSystem(clock: clock)
    environment = LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 7))
  }

  /// What a command says, and how it ends.
  struct Outcome {
    var exit: ExitCode
    var out: String
    var errors: String

    var lines: [String] { out.split(separator: "\n").map(String.init) }
  }

  /// Does what a line says that somebody typed behind `varve`.
  ///
  /// - Parameter passing: So much time passes, with all upkeep of logs, whenever the command has said
  ///   something.
  func run(
    _ line: String, input: String = "", isTerminal: Bool = false, passing seconds: Int64? = nil
  ) async -> Outcome {
    written.withLock { $0 = ([], []) }
    let rest = Lock(Array(input.utf8))
    let runtime = seconds.map { _ in LogRuntime(steppedBy: clock) }
    let shell = Shell(
      out: Printer(limit: seconds.map { _ in 0 } ?? Printer.pieceByteCount) { [self] bytes in
        written.withLock { $0.out += bytes }
        if let runtime, let seconds { pass(seconds, of: runtime) }
        return true
      },
      errors: Printer(limit: 0) { [self] bytes in
        written.withLock { $0.errors += bytes }
        return true
      },
      input: LineReader { () throws(CommandError) in
        rest.withLock { rest in
          defer { rest.removeFirst(min(5, rest.count)) }
          return Array(rest.prefix(5))
        }
      }, environment: environment, runtime: runtime ?? .shared, isTerminal: isTerminal,
      showsProgress: isTerminal)
    let words = line.split(separator: " ").map(String.init)
    let exit = await Tool(words).run(in: shell)
    let (out, errors) = written.withLock { $0 }
    return Outcome(
      exit: exit, out: String(decoding: out, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  private func pass(_ seconds: Int64, of runtime: LogRuntime) {
    for _ in 0..<seconds {
      clock.advance(byMilliseconds: 1000)
      while runtime.step() {}
    }
  }

  /// A store of two logs, one of them with three segments, as a clean close leaves it.
  func makeStore() async throws {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 4096
    configuration.log.indexIntervalByteCount = 0
    configuration.identity = MetaProperties(clusterID: "desk", nodeID: 3, directoryID: nil)
    let store = try await LogStore.open(
      at: "/data", configuration: configuration, environment: environment)
    let orders = try await store.log(
      for: .named("orders-0"), topicID: UniqueID(rawValue: 1_000_000))
    try fill(orders)
    let notes = try await store.log(for: .named("notes-1"), topicID: UniqueID(rawValue: 2_000_000))
    try notes.append(
      Record(key: nil, value: "one\ttab", timestamp: Timestamp(milliseconds: 1_700_000_000_000)))
    try notes.append(
      Record(key: "k", value: nil, timestamp: Timestamp(milliseconds: 1_700_000_000_001)))
    try await store.close()
  }

  /// Another log of three segments in that store.
  func makeNeighbour(_ name: String) async throws {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 4096
    let store = try await LogStore.open(
      at: "/data", configuration: configuration, environment: environment)
    try fill(try await store.log(for: .named(name)))
    try await store.close()
  }

  private func fill(_ log: Log) throws {
    for number in 0..<20 {
      try log.append(
        Record(
          key: "k\(number % 3)", value: "\(number) " + String(repeating: "v", count: 400),
          timestamp: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number) * 1000)))
    }
  }

  /// Flips a bit of a file.
  func flip(_ path: String, at position: Int) throws {
    let file = try OpenFile(path, .writing, in: disk)
    let old = try file.bytes(at: position, count: 1)
    try file.write([old[0] ^ 1].span.bytes, at: position)
  }

  func append(_ bytes: [UInt8], to path: String) throws {
    let file = try OpenFile(path, .writing, in: disk)
    try file.write(bytes.span.bytes, at: try file.status().byteCount)
  }
}

extension TopicPartition {
  static func named(_ name: String) throws -> TopicPartition {
    try #require(TopicPartition(parsing: name))
  }
}
