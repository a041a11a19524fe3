import Synchronization
import Testing
import VarveTesting

@testable import Varve

/// The adapters of the documentation, at work.
@Suite struct AdapterTests {
  @Test func eventsBecomeLines() throws {
    let lines = Mutex<[String]>([])
    var shelf = Shelf()
    let observer = LoggingObserver(Logger { line in lines.withLock { $0.append(line) } })
    shelf.configuration.log.observer = observer
    let store = try shelf.open()
    try store.logNow("orders-0").fill(20)
    shelf.settle(store)
    observer.log(at: "/store/orders-0", did: .poisoned(LogError(.poisoned, "a sync failed")))
    let written = lines.withLock { $0 }
    #expect(written.contains { $0.hasPrefix("debug /store/orders-0 sealed") })
    #expect(written.last == "error /store/orders-0 poisoned: a sync failed")
  }

  @Test func statisticsBecomeGauges() throws {
    let shelf = Shelf()
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    try log.fill(3)
    try log.flushNow()
    StoreMetrics(store: store, interval: .seconds(10)).record(store.statistics)
    let values = Gauge.values.withLock { $0 }
    #expect(values["varve_logs"] == 1 && values["varve_bytes"] == Double(log.byteCount))
    #expect(values["varve_sync_seconds{quantile=0.99}"] != nil)
  }

  @Test func aServiceClosesTheStore() async throws {
    let shelf = Shelf()
    let store = try shelf.open()
    try await StoreService(store: store).run()
    #expect(store.isClosed && shelf.text(".kafka_cleanshutdown") != nil)
  }
}
