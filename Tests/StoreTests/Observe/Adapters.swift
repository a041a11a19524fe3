import Varve

/// Each thing that happens in a log, as a line of the host's own log: swift-log's `Logger`.
final class LoggingObserver: LogObserver {
  private let logger: Logger

  init(_ logger: Logger) { self.logger = logger }

  func log(at directory: String, did event: LogEvent) {
    switch event {
    case .poisoned(let error), .maintenanceFailed(let error), .cleaningFailed(let error):
      logger.error("\(error)", metadata: ["log": "\(directory)"])
    case .recovered(let report):
      logger.warning("recovered up to \(report.end)", metadata: ["log": "\(directory)"])
    default:
      logger.debug("\(event)", metadata: ["log": "\(directory)"])
    }
  }
}

/// A store's statistics, every now and then, to whatever collects them: swift-metrics' `Gauge`.
struct StoreMetrics: Service {
  let store: LogStore
  let interval: Duration

  func run() async throws {
    while !store.isClosed {
      record(store.statistics)
      try await Task.sleep(for: interval)
    }
  }

  func record(_ statistics: StoreStatistics) {
    Gauge(label: "varve_logs").record(statistics.logCount)
    Gauge(label: "varve_bytes").record(statistics.byteCount)
    Gauge(label: "varve_failures").record(statistics.failureCount)
    for share in [0.5, 0.99] {
      guard let duration = statistics.syncs.quantile(share) else { continue }
      Gauge(label: "varve_sync_seconds", dimensions: [("quantile", "\(share)")])
        .record(duration / .seconds(1))
    }
  }
}

/// A store that is closed when the host ends: ServiceLifecycle's `Service`.
struct StoreService: Service {
  let store: LogStore

  func run() async throws {
    try? await gracefulShutdown()
    try await store.close()
  }
}
