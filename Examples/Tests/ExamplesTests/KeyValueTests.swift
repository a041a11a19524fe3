import ExampleSockets
import Foundation
import Testing

/// A server process that is killed, before, behind and during checkpoints.
struct KeyValueTests {
  private let directory = Directory()

  private func serve() throws -> (Program, port: UInt16) {
    try Program.serve("key-value", directory)
  }

  @Test func aClientProcessAsks() throws {
    let (server, port) = try serve()
    let client = try Program("key-value", "ask", "\(port)")
    try client.type([
      "set color dark  blue", "get color", "set color red", "set shape round", "delete color",
      "get color", "get shape", "count",
    ])
    let answers = try client.finish()
    #expect(answers.status == 0)
    #expect(
      answers.lines == [
        "ok 0", "value dark  blue", "ok 1", "ok 2", "ok 3", "none", "value round", "1 keys",
      ])
    #expect(try server.stop().status == 0)
  }

  @Test func aCheckpointKeepsTheMapAndLittleElse() throws {
    let (server, port) = try serve()
    var client = try Conversation(port)
    for round in 0..<50 {
      for key in 0..<4 { _ = client.ask("set key\(key) \(round)") }
    }
    _ = client.ask("delete key3")
    let answer = client.ask("checkpoint") ?? ""
    let counts = answer.split(separator: " ").compactMap { Int($0) }
    #expect(counts.count == 2)
    // 201 records before; 3 and a tombstone now.
    #expect(counts.last ?? .max < (counts.first ?? 0) / 20)
    _ = client.ask("set key0 behind")
    server.kill()
    let (again, newPort) = try serve()
    client = try Conversation(newPort)
    #expect(client.ask("get key0") == "value behind")
    #expect(client.ask("get key2") == "value 49")
    #expect(client.ask("get key3") == "none")
    #expect(client.ask("count") == "3 keys")
    #expect(client.ask("set key3 again") == "ok 202")
    #expect(try again.stop().status == 0)
  }

  @Test func killsAmongWritesAndCheckpointsLoseNothing() async throws {
    var expected: [String: String] = [:]
    for round in 0..<4 {
      let (server, port) = try serve()
      var first = try Conversation(port)
      let answer = first.ask("checkpoint")
      #expect(answer?.hasSuffix("now") == true)
      let checkpointing = Task { [first] in
        try await onThread {
          var client = first
          while client.ask("checkpoint") != nil {}
        }
      }
      let doubtful = try await Self.write(round, to: port, killing: server, &expected)
      try await checkpointing.value
      try Self.compare(doubtful, &expected, with: self)
    }
  }

  /// Writes until the server is gone, and returns what was not answered.
  private static func write(
    _ round: Int, to port: UInt16, killing server: Program, _ expected: inout [String: String]
  ) async throws -> (key: String, value: String) {
    var client = try Conversation(port)
    for number in 0..<(100 + 37 * round) {
      let (key, value) = ("key\(number % 17)", "\(round) \(number)")
      guard client.ask("set \(key) \(value)")?.hasPrefix("ok") == true else {
        throw ExampleError("the server is gone too early")
      }
      expected[key] = value
    }
    // Sent, and not waited for: it may have come to the log, or not.
    let last = (key: "key3", value: "\(round) last")
    try client.tell("set \(last.key) \(last.value)")
    server.kill()
    return last
  }

  private static func compare(
    _ doubtful: (key: String, value: String), _ expected: inout [String: String],
    with tests: KeyValueTests
  ) throws {
    let (server, port) = try tests.serve()
    var client = try Conversation(port)
    if client.ask("get \(doubtful.key)") == "value \(doubtful.value)" {
      expected[doubtful.key] = doubtful.value
    }
    for (key, value) in expected { #expect(client.ask("get \(key)") == "value \(value)") }
    #expect(client.ask("count") == "\(expected.count) keys")
    #expect(try server.stop().status == 0)
  }

  @Test(arguments: ["", "set", "set a", "get", "get a b", "set  a", "delete", "count all", "drop"])
  func whatIsNoRequestIsRefused(_ line: String) throws {
    let (server, port) = try serve()
    var client = try Conversation(port)
    #expect(client.ask(line) == "error: not understood")
    #expect(client.ask("get \(String(repeating: "k", count: 257))") == "error: not understood")
    #expect(client.ask("count") == "0 keys")
    #expect(client.ask("set a \(String(repeating: "x", count: 40_000))") == nil)
    #expect(try server.stop().status == 0)
  }

  @Test func aLogThatHasGrownIsCheckpointedByItself() throws {
    let (server, port) = try serve()
    var client = try Conversation(port)
    let value = String(repeating: "x", count: 30_000)
    for _ in 0..<160 { _ = client.ask("set key \(value)") }
    // 4.8 MB were written to one key.
    let answer = client.ask("checkpoint") ?? ""
    let counts = answer.split(separator: " ").compactMap { Int($0) }
    #expect(counts.first ?? .max < 4_000_000)
    #expect(try server.stop().status == 0)
  }
}
