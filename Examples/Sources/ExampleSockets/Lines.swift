// Lines that are asked and answered, one after the other.

extension Server {
  /// Answers lines until it is stopped: each connection has a thread, which may wait.
  ///
  /// - Parameter answer: What it throws ends the server, for the sake of what it serves: what can be gone
  ///   on from is an answer.
  public func answerLines(
    atMost maximum: Int, _ answer: @escaping @Sendable (String) throws -> String
  ) async throws {
    try await run { connection in
      try await onThread {
        var incoming = Incoming(connection)
        while let line = try incoming.line(atMost: maximum) {
          try connection.send(try self.answer(line, answer) + "\n")
        }
      }
    }
  }

  private func answer(_ line: String, _ answer: (String) throws -> String) throws -> String {
    do {
      return try answer(line)
    } catch {
      fail(error)
      throw error
    }
  }
}

extension Connection {
  /// Asks what comes on the standard input, line by line, and prints the answers.
  public func askStandardInput() throws {
    var incoming = Incoming(self)
    while let question = readLine() {
      try send(question + "\n")
      guard let answer = try incoming.line(atMost: 1 << 20) else {
        throw ExampleError("the server is gone: it is not known what became of '\(question)'")
      }
      say(answer)
    }
  }
}
