import Testing
import VarveTesting

@testable import Varve

/// A store that ends anywhere: its mark of a clean stop is there only where Kafka may believe it, no
/// checkpoint is half a one, and what was durable is found.
@Suite struct StoreCrashTests {
  /// What was acknowledged before the world stopped.
  private struct Promises {
    var durable: [String: Offset] = [:]
    var deleted: Set<String> = []
    var start: [String: Offset] = [:]
  }

  /// A life of a store that was there before. What throws had promised nothing.
  private func live(_ shelf: Shelf) -> Promises {
    var promises = Promises(durable: ["orders-0": 12, "audit-0": 4, "gone-0": 3])
    do {
      let store = try shelf.open()
      guard let orders = try store.found("orders-0") else { return promises }
      try orders.fill(12)
      try orders.flushNow()
      if !shelf.disk.isStopped { promises.durable["orders-0"] = 24 }
      shelf.settle(store)
      try orders.deleteNow(before: 10)
      if !shelf.disk.isStopped { promises.start["orders-0"] = 10 }
      try store.deleteNow("gone-0")
      if !shelf.disk.isStopped { promises.deleted.insert("gone-0") }
      let fresh = try store.logNow("new-0")
      try fresh.fill(2)
      try fresh.flushNow()
      if !shelf.disk.isStopped { promises.durable["new-0"] = 2 }
      shelf.clock.advance(byMilliseconds: 61_000)
      shelf.settle(store)
      try orders.fill(3)
      try store.closeNow()
      if !shelf.disk.isStopped { promises.durable["orders-0"] = 27 }
    } catch {
      // The world has stopped; what was promised before holds.
    }
    return promises
  }

  private func make() throws -> Shelf {
    let shelf = Shelf()
    let store = try shelf.open()
    try store.logNow("orders-0").fill(12)
    try store.logNow("audit-0").fill(4)
    try store.logNow("gone-0").fill(3)
    try store.closeNow()
    return shelf
  }

  @Test(arguments: [Crash.kill, .power])
  func anywhere(_ crash: Crash) throws {
    var markCount = 0
    for count in 0... {
      let shelf = try make()
      shelf.disk.stop(afterOperation: shelf.disk.mutationCount + count)
      let promises = live(shelf)
      let isDone = !shelf.disk.isStopped
      for seed in 0..<(crash == .kill ? 1 : 3) as Range<UInt64> {
        let fork = shelf.fork()
        fork.disk.crash(crash, seed: seed)
        let place = Comment(rawValue: "\(crash) after \(count) operations, seed \(seed)")
        if fork.text(".kafka_cleanshutdown") != nil {
          markCount += 1
          try expectBelievable(fork, place)
        }
        try expectKept(fork, promises, place)
      }
      if isDone { break }
      #expect(count < 2000)
    }
    // Before the first operation, and at the end.
    #expect(markCount >= 2)
  }

  /// A checkpoint says where a log started before it was cut, and began anew before that. The log that was
  /// closed then is known, and the crash came before the checkpoint was written again.
  @Test(arguments: [Crash.kill, .power], [false, true])
  func aStartFromBeforeACutIsNotBelieved(_ crash: Crash, _ losesIndexes: Bool) throws {
    let shelf = try make()
    let store = try shelf.open()
    let orders = try #require(try store.found("orders-0"))
    try orders.fill(20)
    try orders.deleteNow(before: 20)
    try store.checkpointsNow()
    try orders.restart(at: 5)
    try orders.fill(3)
    try orders.closeNow()
    shelf.disk.crash(crash, seed: 1)
    // To remove them is allowed.
    if losesIndexes { try removeIndexes("/orders-0", shelf) }
    let again = try shelf.open()
    let found = try #require(try again.found("orders-0"))
    #expect(found.start == 5 && found.end == 8)
    #expect(try found.filled().offsets == [5, 6, 7])
    try again.closeNow()
  }

  private func removeIndexes(_ path: String, _ shelf: Shelf) throws {
    let names = try shelf.names(path).filter { $0.hasSuffix("index") }
    #expect(!names.isEmpty)
    for name in names { try shelf.disk.unlink("\(Shelf.directory)\(path)/\(name)") }
  }

  /// Kafka, which believes the mark, changes nothing, and finds all that the log has.
  private func expectBelievable(_ shelf: Shelf, _ place: Comment) throws {
    for name in try shelf.names() {
      guard let partition = TopicPartition(parsing: name), try isDirectory(shelf, name) else {
        continue
      }
      let outcome = try shelf.load(partition)
      #expect(outcome.destroyed.isEmpty, place)
      #expect(outcome.recoveryPoint == outcome.logEndOffset, place)
    }
  }

  private func isDirectory(_ shelf: Shelf, _ name: String) throws -> Bool {
    try shelf.disk.status(at: Shelf.directory + "/" + name).kind == .directory
  }

  private func expectKept(_ shelf: Shelf, _ promises: Promises, _ place: Comment) throws {
    let store = try shelf.open()
    #expect(store.failures.isEmpty && store.opening.unreadCheckpoints.isEmpty, place)
    #expect(store.opening.skippedDirectories.isEmpty, place)
    for (name, end) in promises.durable where !promises.deleted.contains(name) {
      // A deletion that was not acknowledged may have happened.
      guard let log = try store.found(name) else {
        #expect(name == "gone-0", place)
        continue
      }
      let found = try log.filled()
      #expect(found.areRight && log.end >= end, place)
      #expect(found.offsets == Array(log.start..<log.end), place)
      #expect(log.start >= promises.start[name] ?? 0, place)
    }
    for name in promises.deleted { #expect(try store.found(name) == nil, place) }
    for partition in store.partitions {
      #expect(store.topicID(of: partition.topic) != nil, "\(partition), \(place)")
    }
    shelf.settle(store)
    try store.closeNow()
    #expect(try !shelf.names().contains { $0.hasSuffix("-delete") || $0.hasSuffix(".tmp") }, place)
    try expectBelievable(shelf, place)
  }
}
