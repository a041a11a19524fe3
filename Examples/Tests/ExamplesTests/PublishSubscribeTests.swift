import ExampleSockets
import Testing

/// A server process, with client processes, and with sockets that do not keep to the rules.
struct PublishSubscribeTests {
  private let directory = Directory()

  private func serve() throws -> (Program, port: UInt16) {
    try Program.serve("publish-subscribe", directory)
  }

  private func publish(_ values: Range<Int>, to port: UInt16) throws -> [String] {
    let publisher = try Program("publish-subscribe", "publish", "\(port)")
    try publisher.type(values.map { "value \($0)" })
    return try publisher.finish().lines
  }

  private func subscribe(_ port: UInt16, _ words: String...) throws -> Program {
    words.count == 2
      ? try Program("publish-subscribe", "subscribe", "\(port)", words[0], words[1])
      : try Program("publish-subscribe", "subscribe", "\(port)", words[0])
  }

  private func lines(_ values: Range<Int>) -> [String] { values.map { "\($0): value \($0)" } }

  @Test func subscribersBeginWhereTheyWant() throws {
    let (server, port) = try serve()
    #expect(try publish(0..<1000, to: port) == ["published 1000, the last at offset 999"])
    let all = try subscribe(port, "earliest", "1000").finish()
    #expect(all.status == 0)
    #expect(all.lines == lines(0..<1000))
    #expect(try subscribe(port, "640", "10").finish().lines == lines(640..<650))
    #expect(try subscribe(port, "1001", "1").finish().status == 1)
    #expect(try server.stop().status == 0)
  }

  @Test func aSubscriberFollowsUntilTheServerStops() throws {
    let (server, port) = try serve()
    _ = try publish(0..<3, to: port)
    let subscriber = try subscribe(port, "earliest")
    // It has come to the end, and waits.
    #expect(try (0..<3).map { _ in try subscriber.line() } == lines(0..<3))
    _ = try publish(3..<700, to: port)
    let stopped = try server.stop()
    #expect(stopped.status == 0)
    #expect(stopped.lines.last == "stopped")
    let rest = try subscriber.finish()
    #expect(rest.status == 0)
    #expect(rest.lines == lines(3..<700))
  }

  @Test func aSubscriberWhoTakesNothingDoesNotKeepTheServerFromStopping() throws {
    let (server, port) = try serve()
    let stalled = try Connection(to: port)
    try stalled.send("SUBSCRIBE latest\n")
    var incoming = Incoming(stalled)
    #expect(try incoming.line(atMost: 100) == "OK 0")
    // More than the buffers of a connection hold.
    let publisher = try Program("publish-subscribe", "publish", "\(port)")
    try publisher.type(Array(repeating: String(repeating: "x", count: 60_000), count: 200))
    #expect(try publisher.finish().lines == ["published 200, the last at offset 199"])
    #expect(try server.stop().status == 0)
  }

  @Test func aKilledServerKeepsWhatItAcknowledged() throws {
    let (server, port) = try serve()
    _ = try publish(0..<300, to: port)
    server.kill()
    let (again, newPort) = try serve()
    #expect(try publish(300..<310, to: newPort) == ["published 10, the last at offset 309"])
    #expect(try subscribe(newPort, "295", "15").finish().lines == lines(295..<310))
    #expect(try again.stop().status == 0)
  }

  @Test func framesThatAreTooLongOrCutAreNotTaken() throws {
    let (server, port) = try serve()
    let (whole, refused) = ([UInt8](repeating: 0, count: 8), [UInt8](repeating: 0xff, count: 8))
    for frame in [[0, 1, 0, 1], [0, 0, 0, 9, 1, 2], [0, 0]] as [[UInt8]] {
      let connection = try Connection(to: port)
      try connection.send(Array("PUBLISH\n".utf8) + frame)
      connection.finishSending()
      var incoming = Incoming(connection)
      #expect(try incoming.bytes(8).map(Array.init) == refused)
      #expect(try incoming.bytes(1) == nil)
    }
    let connection = try Connection(to: port)
    try connection.send(Array("PUBLISH\n".utf8) + [0, 0, 0, 7] + Array("value 0".utf8))
    var incoming = Incoming(connection)
    #expect(try incoming.bytes(8).map(Array.init) == whole)
    #expect(try subscribe(port, "0", "1").finish().lines == lines(0..<1))
    #expect(try server.stop().status == 0)
  }

  @Test(arguments: ["", "GET / HTTP/1.1", "SUBSCRIBE", "SUBSCRIBE -1", "PUBLISH now"])
  func otherRequestsAreRefused(_ line: String) throws {
    let (server, port) = try serve()
    let connection = try Connection(to: port)
    try connection.send(line + "\n")
    var incoming = Incoming(connection)
    #expect(
      try incoming.line(atMost: 100) == "ERROR neither PUBLISH nor SUBSCRIBE <offset>")
    #expect(try incoming.line(atMost: 100) == nil)
    let long = try Connection(to: port)
    try long.send(String(repeating: "x", count: 100))
    var nothing = Incoming(long)
    // Closed, with or without what was not read.
    #expect((try? nothing.line(atMost: 100)) == nil)
    #expect(try server.stop().status == 0)
  }
}
