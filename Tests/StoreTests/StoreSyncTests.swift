import Synchronization
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// The syncs of a store's own, without which a power cut brings back what has gone: each is missed.
@Suite struct StoreSyncTests {
  /// How many power cuts are tried, each of which keeps something else of what was not synced.
  private static let cutCount: UInt64 = 40

  private func make() throws -> Shelf {
    let shelf = Shelf()
    let store = try shelf.open()
    try store.logNow("orders-0").fill(12)
    try store.logNow("gone-0").fill(3)
    try store.closeNow()
    return shelf
  }

  /// Leaves out the next sync of the store's directory.
  private func leaveOutNext(_ shelf: Shelf) {
    let isLeftOut = Atomic(false)
    shelf.disk.silencedSyncs = SilencedSyncs { call, path in
      guard call == .syncDirectory, path == Shelf.directory else { return false }
      return !isLeftOut.exchange(true, ordering: .relaxed)
    }
  }

  /// Whether some power cut leaves a disk of which that can be said.
  private func isLeft(_ shelf: Shelf, _ isWrong: (Shelf) throws -> Bool) rethrows -> Bool {
    try (0..<Self.cutCount).contains { seed in
      let fork = shelf.fork()
      fork.disk.silencedSyncs = nil
      fork.disk.crash(.power, seed: seed)
      return try isWrong(fork)
    }
  }

  /// Kafka would believe files that are being written to.
  @Test(arguments: [false, true])
  func theMarkOfACleanStop(isLeftOut: Bool) throws {
    let shelf = try make()
    if isLeftOut { leaveOutNext(shelf) }
    let store = try shelf.open()
    let orders = try #require(try store.found("orders-0"))
    try orders.fill(12)
    try orders.flushNow()
    #expect(isLeft(shelf) { $0.text(".kafka_cleanshutdown") != nil } == isLeftOut)
    try store.closeNow()
  }

  /// What was deleted would be there again.
  @Test(arguments: [false, true])
  func theNameOfALogThatIsDeleted(isLeftOut: Bool) throws {
    let shelf = try make()
    let store = try shelf.open()
    if isLeftOut { leaveOutNext(shelf) }
    try store.deleteNow("gone-0")
    #expect(try isLeft(shelf) { try $0.names().contains("gone-0") } == isLeftOut)
    try store.closeNow()
  }

  /// What was appended durably would be gone with the log.
  @Test(arguments: [false, true])
  func theNameOfALogThatIsMade(isLeftOut: Bool) throws {
    let shelf = try make()
    let store = try shelf.open()
    if isLeftOut { leaveOutNext(shelf) }
    let log = try store.logNow("new-0")
    try log.fill(1)
    try log.flushNow()
    #expect(try isLeft(shelf) { try !$0.names().contains("new-0") } == isLeftOut)
    try store.closeNow()
  }
}
