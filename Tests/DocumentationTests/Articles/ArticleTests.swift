import Foundation
import Testing
import Varve

/// What the articles show does what they say of it.
@Suite struct ArticleTests {
  private let shelter: Shelter

  init() throws { shelter = try Shelter() }

  private func open(_ configuration: LogConfiguration = LogConfiguration()) async throws -> Log {
    try await Log.open(at: shelter.path + "/orders-0", configuration: configuration)
  }

  // MARK: Durability

  @Test func whatIsAppendedBecomesDurable() async throws {
    let log = try await open()
    #expect(try await append(["a", "b"], to: log) == 2)
    #expect(await append(Record(value: "c"), to: log) == .durable(2))
    #expect(log.durableEnd == 3)
    try await log.close()
    guard case .refused(let error) = await append(Record(value: "d"), to: log) else {
      Issue.record("a closed log takes nothing")
      return
    }
    #expect(error.code == .closed)
  }

  @Test func durableReadersSeeWhatIsDurable() async throws {
    let log = try await open(boundedLoss())
    _ = try await append(["a", "b"], to: log)
    let reader = Task {
      var found: [[UInt8]?] = []
      try await act(on: log) { found.append($0.value) }
      return found
    }
    try await log.close()
    #expect(try await reader.value == [Array("a".utf8), Array("b".utf8)])
  }

  // MARK: Concurrency

  @Test func aJournalTakesLines() async throws {
    let log = try await open()
    let journal = Journal(log)
    #expect(try await journal.write("a") == 0)
    #expect(try await journal.writeDurably("b") == 1)
    #expect(log.durableEnd == 2)
    var found: [[UInt8]?] = []
    try await readAll(of: log) { found.append($0.value) }
    #expect(found == [Array("a".utf8), Array("b".utf8)])
    let reader = ZeroCopyReader(log)
    let slice = try #require(try await reader.slice(from: .earliest))
    async let next = news(of: reader, behind: slice)
    _ = try await journal.write("c")
    #expect(try await next?.offsets == 2..<3)
    #expect(try await onThread { try countRecords(in: log) } == 3)
    try await log.close()
  }

  @Test func nothingIsReadOfNothing() async throws {
    let log = try await open()
    try await readAll(of: log) { _ in Issue.record("there is nothing") }
    try await log.close()
  }

  // MARK: Files

  @Test func aSegmentIsDescribed() async throws {
    let log = try await open()
    try log.append([Record(value: "a"), Record(value: "b")])
    try log.append(Record(value: "c"))
    try await log.close()
    let path = shelter.path + "/orders-0/00000000000000000000.log"
    let lines = try describe([UInt8](Data(contentsOf: URL(filePath: path))))
    #expect(lines == ["offsets 0 to 1, 77 bytes", "offsets 2 to 2, 69 bytes"])
  }

  // MARK: Cleaning

  @Test func segmentsAreArchived() async throws {
    let directory = URL(filePath: shelter.path)
    let archive = archive(in: directory)
    let log = try await open(archived(by: archive))
    for value in ["a", "b"] {
      try log.append(Record(value: value))
      try await log.roll()
    }
    try await log.flush()
    #expect(try await copySegments(of: log, to: archive).isEmpty)
    #expect(archive.end == 2)
    for number in 0..<2 {
      let name = String(repeating: "0", count: 19) + "\(number).log"
      let original = try Data(contentsOf: directory.appending(path: "orders-0/\(name)"))
      #expect(try Data(contentsOf: directory.appending(path: "\(number).batches")) == original)
    }
    try await log.close()
  }

  // MARK: Sending

  @Test func bytesAreSent() async throws {
    let log = try await open()
    for number in 0..<50 { try log.append(Record(value: "\(number)")) }
    let sockets = try SocketPair()
    try await sendOnce(log, to: sockets.ends.0)
    let slice = try #require(try await ZeroCopyReader(log).slice(from: 42))
    #expect(sockets.received().count == slice.byteCount)
    let connection = LoopConnection(ZeroCopyReader(log), slice, to: sockets.ends.0)
    #expect(try connection.sendMore() == false)
    #expect(sockets.received().count == slice.byteCount)
    let server = RawServer(reader: ZeroCopyReader(log))
    async let served: Void = server.serve(sockets.ends.0, from: 42)
    try await log.close()
    try await served
    #expect(sockets.received().count == 4 + slice.byteCount)
  }

  /// Has a thread of its own do something that may wait.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try body() }) }.start()
    }
  }
}
