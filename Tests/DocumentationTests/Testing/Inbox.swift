import Varve

/// The part of a server that is tested: it keeps messages, and says of each one that it is safe.
struct Inbox: Sendable {
  let log: Log

  /// A test brings another runtime and another environment; the server does without a word.
  static func open(
    at directory: String, configuration: LogConfiguration = LogConfiguration(),
    runtime: LogRuntime = .shared, environment: LogEnvironment = .system
  ) async throws -> Inbox {
    Inbox(
      log: try await Log.open(
        at: directory, configuration: configuration, runtime: runtime, environment: environment))
  }

  /// Returns once the message outlives a power cut.
  func accept(_ message: String) async throws {
    try await log.append(Record(value: message), durability: .durable)
  }

  func messages() async throws -> [String] {
    var found: [String] = []
    for offset in log.start.rawValue..<log.end.rawValue {
      guard let record = try await log.record(at: Offset(rawValue: offset)) else { continue }
      found.append(String(decoding: record.value ?? [], as: UTF8.self))
    }
    return found
  }
}
