import Synchronization
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A log in a store says that it is open with the first change of it: until then it is as it was closed,
/// on the device too, and whatever becomes of the process.
@Suite struct FirstChangeTests {
  private static let names = ["orders-0", "audit-0"]

  private func make() throws -> Shelf {
    let shelf = Shelf()
    let store = try shelf.open()
    for name in Self.names { try store.logNow(name).fill(12) }
    try store.closeNow()
    return shelf
  }

  /// The operations in the directory of a log that change something, while something is done.
  private func changes(
    _ name: String, on shelf: Shelf, _ body: () throws -> Void
  ) rethrows -> [String] {
    let found = Mutex<[String]>([])
    let prefix = Shelf.directory + "/" + name + "/"
    shelf.disk.onOperation = { call, path in
      // To open the side file may make it.
      guard (path + "/").hasPrefix(prefix), call != .open else { return }
      found.withLock { $0.append("\(call) \(path.dropFirst(prefix.count))") }
    }
    defer { shelf.disk.onOperation = nil }
    try body()
    return found.withLock { $0 }
  }

  @Test func nothingIsWrittenForWhatIsOnlyRead() throws {
    let shelf = try make()
    let found = try changes("orders-0", on: shelf) {
      let store = try shelf.open()
      let log = try #require(try store.found("orders-0"))
      #expect(try log.filled().offsets.count == 12)
      #expect(log.durableEnd == 12 && log.sideFile?.holdsBack == true)
      shelf.settle(store)
      try store.closeNow()
    }
    #expect(found == [])
    #expect(try shelf.load(.named("orders-0")).destroyed.isEmpty)
    #expect(try shelf.load(.named("orders-0")).recoveryPoint == 12)
  }

  @Test func theFirstAppendSaysItBeforeItWrites() throws {
    let shelf = try make()
    let store = try shelf.open()
    let found = try changes("orders-0", on: shelf) { try store.logNow("orders-0").fill(1) }
    let sync = try #require(found.firstIndex(of: "\(SystemCall.syncData) varve.side"))
    #expect(found[..<sync].allSatisfy { $0.hasSuffix("varve.side") })
    #expect(found[sync...].contains { !$0.hasSuffix("varve.side") })
    // Once.
    let later = try changes("orders-0", on: shelf) { try store.logNow("orders-0").fill(1) }
    #expect(!later.contains { $0.hasSuffix("varve.side") })
    try store.closeNow()
  }

  @Test(arguments: [Crash.kill, .power])
  func whatWasNotChangedIsNotRecovered(_ crash: Crash) throws {
    let shelf = try make()
    let store = try shelf.open()
    let orders = try store.logNow("orders-0")
    try orders.fill(3)
    try orders.flushNow()
    let fork = shelf.fork()
    fork.disk.crash(crash, seed: 1)
    let again = try fork.open()
    #expect(!again.opening.wasClean)
    #expect(again.opening.recoveries.keys.map(\.description) == ["orders-0"])
    #expect(try again.found("orders-0")?.end == 15)
    #expect(try again.found("audit-0")?.end == 12)
    #expect(try again.found("audit-0")?.sideFile?.holdsBack == true)
    try again.closeNow()
    #expect(try fork.open().opening.wasClean)
  }

  /// Then nothing was appended, and the next append does it again.
  @Test func whereItCannotBeSaidNothingIsAppended() throws {
    let shelf = try make()
    let store = try shelf.open()
    let orders = try store.logNow("orders-0")
    shelf.disk.faults = .failing(.syncData, on: "varve.side", with: .inputOutput)
    #expect(failure { try orders.fill(1) }?.code == .device)
    shelf.disk.faults = .none
    #expect(orders.end == 12 && orders.sideFile?.holdsBack == true)
    try orders.fill(1)
    #expect(orders.end == 13 && orders.sideFile?.holdsBack == false)
    try store.closeNow()
    #expect(try shelf.open().found("orders-0")?.filled().offsets == Array(0..<13))
  }

  /// A log that is to have room ready from the start changes its files at once.
  @Test func whatIsPreparedIsSaidAtOnce() throws {
    var shelf = try make()
    shelf.configuration.log.preparedByteCount = 4 << 10
    let store = try shelf.open()
    #expect(try store.found("orders-0")?.sideFile?.holdsBack == false)
    try store.closeNow()
  }

  /// The thread of a task does not wait for the device.
  @Test func aTaskAppends() async throws {
    let shelf = try make()
    let store = try shelf.open()
    let orders = try #require(try store.found("orders-0"))
    let receipt = try await orders.append(Record(value: "v"), durability: .durable)
    #expect(receipt.baseOffset == 12 && orders.sideFile?.holdsBack == false)
    try await store.close()
  }
}
