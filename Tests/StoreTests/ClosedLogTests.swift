import Testing
import VarveFormat
import VarveSystem
import VarveTesting

@testable import Varve

/// A log of a store that is closed by itself, and opened again while the others stay open.
@Suite struct ClosedLogTests {
  private let shelf = Shelf()

  private func make() throws -> LogStore {
    let store = try shelf.open()
    for name in ["orders-0", "orders-1", "audit-0"] { try store.logNow(name).fill(20) }
    return store
  }

  @Test func itIsClosedAndOpenedAgain() throws {
    let store = try make()
    let (orders, id) = (try store.logNow("orders-0"), try #require(store.topicID(of: "orders")))
    #expect(try store.closeNow("orders-0"))
    #expect(orders.isClosed)
    #expect(try store.found("orders-0") == nil && !store.closeNow("orders-0"))
    #expect(store.partitions.map(\.description) == ["audit-0", "orders-1"])
    #expect(store.statistics.logCount == 2 && store.failures.isEmpty)
    try store.logNow("orders-1").fill(1)
    let again = try store.logNow("orders-0")
    #expect(again !== orders && again.recovery == nil && store.topicID(of: "orders") == id)
    try again.fill(5)
    let found = try again.filled()
    #expect(found.offsets == Array(0..<25) && found.areRight)
    try store.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") != nil)
    for name in ["orders-0", "orders-1", "audit-0"] {
      #expect(try shelf.load(.named(name)).destroyed.isEmpty)
    }
  }

  /// What was deleted of it stays so, though Kafka's checkpoint alone may say where it starts.
  @Test func itStartsWhereItDid() throws {
    let store = try make()
    try store.logNow("orders-0").deleteNow(before: 7)
    #expect(try store.closeNow("orders-0"))
    #expect(try store.logNow("orders-0").start == 7)
    #expect(try store.closeNow("orders-0"))
    try store.closeNow()
    #expect(try shelf.load(.named("orders-0")).destroyed.isEmpty)
    #expect(try shelf.open().found("orders-0")?.start == 7)
  }

  /// The host closed it, and the store was not asked.
  @Test func whatTheHostHasClosedIsOpenedAgain() throws {
    let store = try make()
    let orders = try store.logNow("orders-0")
    try orders.closeNow()
    #expect(try store.found("orders-0") == nil)
    #expect(store.partitions.map(\.description) == ["audit-0", "orders-1"])
    let again = try store.logNow("orders-0")
    #expect(again !== orders && again.end == 20)
    try store.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") != nil)
  }

  /// Topics that are made while the store is open have settings of their own, and those of others change.
  @Test func topicsAreConfigured() throws {
    let store = try make()
    var configuration = shelf.configuration.log
    configuration.segmentByteCount = 64 << 10
    try store.configure("payments", configuration)
    try store.configure("orders", configuration)
    #expect(store.configuration.topics.keys.sorted() == ["orders", "payments"])
    #expect(try store.logNow("payments-0").configuration == configuration)
    #expect(try store.logNow("audit-1").configuration == shelf.configuration.log)
    // Until it is opened again.
    #expect(try store.logNow("orders-0").configuration == shelf.configuration.log)
    try store.closeNow("orders-0")
    #expect(try store.logNow("orders-0").configuration == configuration)
    try store.configure("orders", nil)
    try store.closeNow("orders-0")
    #expect(try store.logNow("orders-0").configuration == shelf.configuration.log)
    #expect(try store.logNow("orders-0").filled().areRight)
    configuration.segmentByteCount = -1
    #expect(failure { try store.configure("payments", configuration) }?.code == .invalidArgument)
    #expect(failure { try store.configure("no/name", .init()) }?.code == .invalidArgument)
    #expect(store.configuration.topics.keys.sorted() == ["payments"])
    #expect(store.configuration.topics["payments"]?.segmentByteCount == 64 << 10)
    try store.closeNow()
  }

  @Test func itCanBeDeleted() throws {
    let store = try make()
    #expect(try store.closeNow("orders-0"))
    #expect(try store.deleteNow("orders-0"))
    #expect(try !store.deleteNow("orders-0"))
    #expect(try !shelf.names().contains("orders-0"))
    #expect(try store.logNow("orders-0").end == 0)
  }

  /// A failed sync ends a log, and not the store: it is opened anew beside the others.
  @Test func aPoisonedLogComesBack() throws {
    let store = try make()
    let orders = try store.logNow("orders-0")
    try orders.flushNow()
    try orders.fill(3)
    shelf.disk.faults = FaultPlan.failing(.syncData, on: ".log", with: .inputOutput)
    #expect(failure { try orders.flushNow() }?.code == .poisoned)
    shelf.disk.faults = .none
    // Until it is closed it is the one that there is.
    let same = try store.logNow("orders-0") === orders
    #expect(same)
    #expect(failure { try store.closeNow("orders-0") }?.code == .poisoned)
    #expect(orders.isClosed)
    let again = try store.logNow("orders-0")
    #expect(again.recovery != nil && again.end >= 20)
    try again.fill(4)
    try again.flushNow()
    let found = try again.filled()
    #expect(found.areRight && found.offsets.count == Int(again.end.rawValue))
    try store.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") != nil)
    #expect(try shelf.load(.named("orders-0")).destroyed.isEmpty)
  }

  /// Of a store with a log that was not closed as it should be there is no mark.
  @Test func aLogThatStaysPoisonedLeavesNoMark() throws {
    let store = try make()
    let orders = try store.logNow("orders-0")
    shelf.disk.faults = FaultPlan.failing(.syncData, on: ".log", with: .inputOutput)
    #expect(failure { try orders.flushNow() }?.code == .poisoned)
    shelf.disk.faults = .none
    #expect(failure { try store.closeNow("orders-0") }?.code == .poisoned)
    try store.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") == nil)
  }

  /// Nor where the host closed a log by itself, in vain, and the store has nothing to close of it.
  @Test func aLogThatDidNotCloseLeavesNoMark() throws {
    let store = try make()
    let orders = try store.logNow("orders-0")
    shelf.disk.faults = FaultPlan.failing(.syncDirectory, on: "/orders-0", with: .inputOutput)
    #expect(failure { try orders.closeNow() } != nil)
    shelf.disk.faults = .none
    try store.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") == nil)
  }
}

extension LogStore {
  @discardableResult
  fileprivate func closeNow(_ name: String) throws -> Bool { try close(.named(name)) }
}
