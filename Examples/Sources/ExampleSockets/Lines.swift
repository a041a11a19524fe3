/// Lines that are asked and answered, one after the other.
extension Connection {
  /// Answers each line, until the peer has no more. It waits, and is for a thread of its own.
  public func answerLines(
    atMost maximum: Int, _ answer: (String) throws -> String
  ) throws {
    var incoming = Incoming(self)
    while let line = try incoming.line(atMost: maximum) {
      try send(try answer(line) + "\n")
    }
  }

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
