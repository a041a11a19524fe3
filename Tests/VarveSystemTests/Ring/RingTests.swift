import CLinuxForTests
import Foundation
import Testing
import VarveSystem

/// Splices that the kernel's own threads carry out.
@Suite(.enabled(if: RingSupport.probe() == .available, "there is no io_uring"))
struct RingTests {
  let directory: TemporaryDirectory
  let file: OpenFile
  let bytes = pattern(3 << 20)

  init() throws {
    directory = try TemporaryDirectory()
    file = try OpenFile(directory.path("source"), .creating)
    try file.write(bytes, at: 0)
  }

  /// `#expect`, which cannot take what cannot be copied.
  private func expect(_ isTrue: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: sourceLocation)
  }

  /// Hands over, and waits until so many requests are done.
  private func complete(
    _ count: Int, of ring: inout Ring
  ) throws -> [Ring.Tag: Ring.Completion.Outcome] {
    var outcomes: [Ring.Tag: Ring.Completion.Outcome] = [:]
    while true {
      try ring.submit()
      while let done = ring.next() { outcomes[done.tag] = done.outcome }
      if outcomes.count >= count { return outcomes }
      var set = PollSet()
      set.add(readable: ring.descriptor)
      try set.wait(milliseconds: nil)
    }
  }

  @Test(arguments: Channel.Kind.allCases)
  func aLinkedPairMovesBytes(kind: Channel.Kind) throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    let pipe = try Pipe(capacity: 1 << 20)
    let channel = try Channel(kind)
    for position in [0, 5_000, 1 << 20] {
      expect(
        ring.splice(
          from: file.descriptor, at: position, count: 30_000, into: pipe.input, isLinked: true,
          tag: 1))
      expect(ring.splice(from: pipe.output, count: 30_000, to: channel.target, tag: 2))
      expect(try complete(2, of: &ring) == [1: .moved(30_000), 2: .moved(30_000)])
      var received: [UInt8] = []
      while received.count < 30_000 { received += try channel.receive() }
      let isIntact = received == Array(bytes[position..<position + 30_000])
      #expect(isIntact)
    }
  }

  /// A pipe of pages holds as many bytes as it has pages, of the first one only the end.
  @Test(arguments: [0, 1, 4095, 4096, 5000])
  func aPipeHoldsWhatItSays(position: Int) throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    let pipe = try Pipe(capacity: 256 << 10)
    let count = pipe.room(at: position)
    expect(
      ring.splice(
        from: file.descriptor, at: position, count: count, into: pipe.input, isLinked: false,
        tag: 1))
    expect(try complete(1, of: &ring) == [1: .moved(count)])
  }

  @Test func whatIsLinkedToLessThanWasAskedForDoesNotBegin() throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    let pipe = try Pipe(capacity: 1 << 20)
    let channel = try Channel(.socketPair)
    let position = bytes.count - 1_000
    expect(
      ring.splice(
        from: file.descriptor, at: position, count: 5_000, into: pipe.input, isLinked: true, tag: 1)
    )
    expect(ring.splice(from: pipe.output, count: 5_000, to: channel.target, tag: 2))
    expect(try complete(2, of: &ring) == [1: .moved(1_000), 2: .cancelled])
    expect(ring.splice(from: pipe.output, count: 1_000, to: channel.target, tag: 3))
    expect(try complete(1, of: &ring) == [3: .moved(1_000)])
    #expect(try channel.receive() == Array(bytes[position...]))
  }

  @Test(arguments: Channel.Kind.allCases)
  func aFullDescriptorSaysSo(kind: Channel.Kind) throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    let pipe = try Pipe(capacity: 64 << 10)
    let channel = try Channel(kind, nonblocking: true)
    while try channel.target.sendfile(from: file.descriptor, at: 0, count: 1 << 20) != nil {}
    expect(
      ring.splice(
        from: file.descriptor, at: 0, count: 60_000, into: pipe.input, isLinked: true, tag: 1))
    expect(ring.splice(from: pipe.output, count: 60_000, to: channel.target, tag: 2))
    expect(try complete(2, of: &ring) == [1: .moved(60_000), 2: .failed(.again)])
  }

  /// A request that waits for room in a blocking descriptor ends when it is told to.
  @Test(arguments: [Channel.Kind.socketPair, .tcp])
  func aRequestThatWaitsIsCancelled(kind: Channel.Kind) throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    let pipe = try Pipe(capacity: 64 << 10)
    let channel = try Channel(kind, nonblocking: true)
    while try channel.target.sendfile(from: file.descriptor, at: 0, count: 1 << 20) != nil {}
    try #require(fcntl(channel.target.rawValue, F_SETFL, 0) == 0)
    expect(
      ring.splice(
        from: file.descriptor, at: 0, count: 60_000, into: pipe.input, isLinked: true, tag: 1))
    expect(ring.splice(from: pipe.output, count: 60_000, to: channel.target, tag: 2))
    var outcome = try complete(1, of: &ring)[2]
    // Where it has not begun yet, there is nothing to cancel.
    while outcome == nil {
      expect(ring.cancel(2))
      try ring.submit()
      try PollSet.pause(milliseconds: 1)
      try ring.submit()
      outcome = ring.next()?.outcome
    }
    // Newer kernels do not wait at all.
    switch try #require(outcome) {
    case .moved(let count): #expect(count < 60_000)
    case .cancelled: break
    case .failed(let errno): #expect([.interrupted, .again].contains(errno), "\(errno)")
    }
  }

  @Test func aWishToCancelWhatIsDoneIsNotTold() throws {
    var ring = try Ring(entryCount: 8, workerCount: 2)
    expect(ring.cancel(7))
    try ring.submit()
    let completion = ring.next()
    #expect(completion == nil)
  }

  @Test func roomIsToldAndComesBack() throws {
    var ring = try Ring(entryCount: 2, workerCount: 2)
    expect(ring.cancel(7))
    expect(ring.cancel(8))
    expect(!ring.cancel(9))
    try ring.submit()
    expect(ring.cancel(9))
  }

  /// However much is asked for at once.
  @Test func theKernelStartsFewThreads() throws {
    var ring = try Ring(entryCount: 64, workerCount: 2)
    let channels = try (0..<30).map { _ in try Channel(.pipe) }
    for (number, channel) in channels.enumerated() {
      // More than a pipe takes: each waits.
      expect(
        ring.splice(
          from: file.descriptor, at: 0, count: 60_000, into: channel.target, isLinked: false,
          tag: Ring.Tag(number)))
    }
    expect(try complete(30, of: &ring).values.allSatisfy { $0 == .moved(60_000) })
    let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap {
      try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
    }
    let own = "iou-wrk-\(linux_thread_id())\n"
    #expect(names.count { $0 == own } <= 4)
  }

  /// Where SIGPIPE kills, whoever sends to a descriptor without a reader is told and not killed.
  @Test(arguments: Channel.Kind.allCases) func nobodyIsSignalled(kind: Channel.Kind) async {
    await #expect(processExitsWith: .success) { [kind] in
      try #require(linux_default(SIGPIPE, 0) == 0)
      let tests = try RingTests()
      var ring = try Ring(entryCount: 8, workerCount: 2)
      let channel = try Channel(kind)
      channel.closePeer()
      var failures: [Errno] = []
      // TCP learns of it from the answer to its first bytes.
      for tag in 0..<1_000 where failures.count < 2 {
        let pipe = try Pipe(capacity: 64 << 10)
        let file = tests.file.descriptor
        let filled = ring.splice(
          from: file, at: 0, count: 1, into: pipe.input, isLinked: true, tag: Ring.Tag(2 * tag))
        let sent = ring.splice(
          from: pipe.output, count: 1, to: channel.target, tag: Ring.Tag(2 * tag + 1))
        try #require(filled && sent)
        let done = try tests.complete(2, of: &ring)
        if case .failed(let errno)? = done[Ring.Tag(2 * tag + 1)] {
          failures.append(errno)
        } else {
          usleep(1_000)
        }
      }
      try #require(failures.count == 2)
      try #require(failures.allSatisfy { $0 == .brokenPipe || $0 == .connectionReset })
      try #require(linux_is_pending(SIGPIPE) == 0)
    }
  }
}
