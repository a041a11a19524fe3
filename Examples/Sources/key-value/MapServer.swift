import ExampleSockets
import Varve

/// Answers requests, a line each. Connections have threads, as a sync is waited for.
struct MapServer {
  private let map: DurableMap
  private let server: Server

  init(map: DurableMap, port: UInt16) throws {
    self.map = map
    server = try Server(port: port)
  }

  /// Serves until it is stopped. Requests that have come are answered before the log is closed.
  func run() async throws {
    try await server.answerLines(atMost: Request.maximumLineByteCount) { [map] line in
      try Self.answer(line, map)
    }
    try await map.close()
  }

  private static func answer(_ line: String, _ map: DurableMap) throws -> String {
    do {
      switch Request(line) {
      case .set(let key, let value): return try write(key, value, map)
      case .delete(let key): return try write(key, nil, map)
      case .get(let key): return try map.value(of: key).map { "value \($0)" } ?? "none"
      case .count: return "\(try map.count()) keys"
      case .checkpoint:
        guard let (before, after) = try map.checkpoint() else { return "one is under way" }
        return "\(before) bytes before, \(after) now"
      case nil: return "error: not understood"
      }
    } catch let error as LogError where error.code != .poisoned {
      // Nothing was set.
      return "error: \(error)"
    }
  }

  private static func write(_ key: String, _ value: String?, _ map: DurableMap) throws -> String {
    let offset = try map.set(key, to: value)
    do {
      try map.checkpointIfDue()
    } catch {
      // What was set is set. The log tells of it in its `cleanerStatus`, and a later one may succeed.
      say("no checkpoint: \(error)")
    }
    return "ok \(offset)"
  }
}
