import Testing

/// The partitions in the fixtures, by their directories.
enum PartitionID: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case plain = "plain-0"
  case mixed = "mixed-0"
  case compacted = "compacted-0"
  case cleanMetadata = "broker-clean/__cluster_metadata-0"
  case cleanConsumerOffsets = "broker-clean/__consumer_offsets-0"
  case cleanTransactionState = "broker-clean/__transaction_state-0"
  case cleanOrders = "broker-clean/orders-0"
  case cleanPayments = "broker-clean/payments-0"
  case killedMetadata = "broker-killed/__cluster_metadata-0"
  case killedConsumerOffsets = "broker-killed/__consumer_offsets-0"
  case killedTransactionState = "broker-killed/__transaction_state-0"
  case killedOrders = "broker-killed/orders-0"
  case killedPayments = "broker-killed/payments-0"

  var testDescription: String { rawValue }

  /// Whether it was copied while its broker ran: its active segment's indexes end in zeros.
  var isKilled: Bool { rawValue.hasPrefix("broker-killed/") }

  /// Whether it is the log of Kafka's controllers: there are no JSON lines of it.
  var isMetadata: Bool { self == .cleanMetadata || self == .killedMetadata }

  /// Partitions of which Kafka's own reader said what is in them.
  static let described = allCases.filter { !$0.isMetadata }

  /// Partitions whose summaries have look-ups by time.
  static let queried: [PartitionID] = [.plain, .mixed, .compacted]

  /// What the names of its JSON files begin with.
  var jsonStem: String { rawValue.replacing("/", with: ".") }
}
