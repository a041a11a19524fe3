import ExampleSockets
import Foundation
import Testing

/// A server process that is killed, and clients that send again what was not answered.
struct AccountsTests {
  private let directory = Directory()

  private func serve() throws -> (Program, port: UInt16) {
    try Program.serve("accounts", directory)
  }

  @Test func aClientProcessAsks() throws {
    let (server, port) = try serve()
    let client = try Program("accounts", "ask", "\(port)")
    try client.type([
      "1 0 deposit alice 100", "1 1 transfer alice bob 30", "1 2 withdraw bob 31", "balance alice",
      "balance carol",
    ])
    let answers = try client.finish()
    #expect(answers.status == 0)
    #expect(
      answers.lines == [
        "0 deposited 100 to alice", "1 transferred 30 from alice to bob", "2 declined: bob has 30",
        "alice has 70", "no account carol",
      ])
    #expect(try server.stop().status == 0)
  }

  @Test func whatIsSentAgainAfterAKillHappensOnce() throws {
    let (server, port) = try serve()
    var client = try Conversation(port)
    #expect(client.ask("7 0 deposit alice 100") == "0 deposited 100 to alice")
    #expect(client.ask("7 1 withdraw alice 100") == "1 withdrew 100 from alice")
    #expect(client.ask("7 2 withdraw alice 1") == "2 declined: alice has 0")
    server.kill()
    let (again, newPort) = try serve()
    client = try Conversation(newPort)
    // By now that would be declined: it is not decided again. Nor is what was declined.
    #expect(client.ask("7 1 withdraw alice 100") == "1 withdrew 100 from alice")
    #expect(client.ask("8 0 deposit alice 5") == "3 deposited 5 to alice")
    #expect(client.ask("7 2 withdraw alice 1") == "2 declined: alice has 0")
    #expect(client.ask("balance alice") == "alice has 5")
    #expect(client.ask("7 4 deposit alice 1")?.hasPrefix("error: out of order") == true)
    #expect(client.ask("7 3 deposit alice 1") == "4 deposited 1 to alice")
    #expect(try again.stop().status == 0)
  }

  /// Clients on threads, one command after the other, while the server is killed again and again.
  @Test func killsAtAnyMomentLoseNothingAndDoNothingTwice() async throws {
    let (first, port) = try serve()
    let current = CurrentPort(port)
    let (clientCount, commandCount) = (4, 60)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for client in 0..<clientCount {
        tasks.addTask {
          try await onThread {
            try Self.depositOnes(client, commandCount, current)
          }
        }
      }
      var server = first
      for _ in 0..<5 {
        try await Task.sleep(for: .milliseconds(60))
        server.kill()
        let (again, port) = try serve()
        current.set(port)
        server = again
      }
      try await tasks.waitForAll()
      let total = clientCount * commandCount
      var reader = try Conversation(current.port)
      #expect(reader.ask("balance all") == "all has \(total)")
      #expect(try server.stop().status == 0)
    }
  }

  private static func depositOnes(_ client: Int, _ count: Int, _ server: CurrentPort) throws {
    var conversation: Conversation?
    let deadline = ContinuousClock.now + .seconds(100)
    var number = 0
    while number < count {
      guard ContinuousClock.now < deadline else { throw ExampleError("no server") }
      if conversation == nil { conversation = try? Conversation(server.port) }
      let answer = conversation?.ask("\(client) \(number) deposit all 1")
      if let answer {
        guard answer.hasSuffix("deposited 1 to all") else { throw ExampleError(answer) }
        number += 1
      } else {
        conversation = nil
        usleep(5000)
      }
    }
  }

  @Test(
    arguments: [
      "", "1", "1 0 deposit alice", "1 0 deposit alice 0", "1 0 deposit alice -5",
      "-1 0 deposit a 1",
      "1 -1 deposit a 1", "1 0 transfer a a 1", "1 0 deposit alice 1000000000001", "1 0 steal a 1",
    ])
  func whatIsNoCommandIsRefused(_ line: String) throws {
    let (server, port) = try serve()
    var client = try Conversation(port)
    #expect(client.ask(line) == "error: not understood")
    #expect(client.ask("balance alice") == "no account alice")
    #expect(client.ask("1 0 deposit \(String(repeating: "x", count: 300)) 1") == nil)
    #expect(try server.stop().status == 0)
  }
}
