import ExampleSockets
import Varve

/// Answers requests, a line each. Connections have threads, as a sync is waited for.
struct AccountServer {
  private let bank: Bank
  private let server: Server

  init(bank: Bank, port: UInt16) throws {
    self.bank = bank
    server = try Server(port: port)
  }

  /// Serves until it is stopped. Commands that have come are answered before the log is closed.
  func run() async throws {
    try await server.answerLines(atMost: Request.maximumLineByteCount) { [bank] line in
      try Self.answer(line, bank)
    }
    try await bank.close()
  }

  private static func answer(_ line: String, _ bank: Bank) throws -> String {
    do {
      switch Request(line) {
      case .execute(let command, let client, let number):
        let (event, offset) = try bank.execute(command, client: client, number: number)
        return "\(offset) \(event)"
      case .balance(let account):
        return try bank.balance(of: account).map { "\(account) has \($0)" }
          ?? "no account \(account)"
      case nil: return "error: not understood"
      }
    } catch let error as LogError where error.code != .poisoned {
      // Nothing was appended.
      return "error: \(error)"
    }
  }
}
