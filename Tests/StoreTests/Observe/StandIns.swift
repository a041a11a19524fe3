import Synchronization

// As much of swift-log, swift-metrics and ServiceLifecycle as the adapters need, in their words: the
// packages themselves are the host's to choose.

/// swift-log's.
struct Logger: Sendable {
  typealias Message = String
  typealias Metadata = [String: String]

  let lines: @Sendable (String) -> Void

  func error(_ message: Message, metadata: Metadata) { write("error", message, metadata) }
  func warning(_ message: Message, metadata: Metadata) { write("warning", message, metadata) }
  func debug(_ message: Message, metadata: Metadata) { write("debug", message, metadata) }

  private func write(_ level: String, _ message: Message, _ metadata: Metadata) {
    lines("\(level) \(metadata["log"] ?? "") \(message)")
  }
}

/// swift-metrics'.
struct Gauge {
  private let name: String

  /// What has been recorded last, by name.
  static let values = Mutex<[String: Double]>([:])

  init(label: String, dimensions: [(String, String)] = []) {
    name = label + dimensions.map { "{\($0)=\($1)}" }.joined()
  }

  func record(_ value: some BinaryInteger) { record(Double(value)) }
  func record(_ value: Double) { Self.values.withLock { $0[name] = value } }
}

/// ServiceLifecycle's.
protocol Service: Sendable {
  func run() async throws
}

/// ServiceLifecycle's, of a host that ends at once.
func gracefulShutdown() async throws {}
