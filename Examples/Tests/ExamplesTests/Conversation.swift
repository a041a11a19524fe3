import ExampleSockets

/// A client's end of a connection to a server that answers lines.
struct Conversation {
  private let connection: Connection
  private var incoming: Incoming

  init(_ port: UInt16) throws {
    connection = try Connection(to: port)
    incoming = Incoming(connection)
  }

  /// The answer, or nil where the server has gone.
  mutating func ask(_ line: String) -> String? {
    do {
      try connection.send(line + "\n")
      return try incoming.line(atMost: 1 << 20)
    } catch {
      return nil
    }
  }

  /// Asks, and does not wait for the answer.
  func tell(_ line: String) throws { try connection.send(line + "\n") }
}
