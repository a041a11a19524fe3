import Varve

/// What lies in a directory of the fixtures, by name: nothing may be missing, nothing be added.
struct DirectoryListing {
  var segments: [Int64] = []
  /// The segments in which a transaction was aborted.
  var transactionIndexes: [Int64] = []
  var snapshots: [Int64] = []
  var others: [String] = []

  var segmentFiles: [SegmentFileName] {
    func names(_ offsets: [Int64], _ kind: SegmentFileName.Kind) -> [SegmentFileName] {
      offsets.map { SegmentFileName(Offset(rawValue: $0), kind) }
    }
    return names(segments, .log) + names(segments, .offsetIndex) + names(segments, .timeIndex)
      + names(transactionIndexes, .transactionIndex) + names(snapshots, .producerSnapshot)
  }

  var names: Set<String> { Set(segmentFiles.map(\.description) + others) }
}

// Kafka's names, taken from a listing of what it left behind.
extension DirectoryListing {
  static let partitionFiles = ["leader-epoch-checkpoint", "partition.metadata"]
  static let metadataSnapshot = "00000000000000000000-0000000000.checkpoint"
  static let metadataFiles = partitionFiles + ["quorum-state", metadataSnapshot]

  static let brokerFiles = [
    "bootstrap.checkpoint", "cleaner-offset-checkpoint", "log-start-offset-checkpoint",
    "meta.properties", "recovery-point-offset-checkpoint", "replication-offset-checkpoint",
  ]

  static let partitions: [PartitionID: DirectoryListing] = [
    .plain: DirectoryListing(
      segments: [0, 115, 563], transactionIndexes: [563], snapshots: [115, 563, 2061],
      others: partitionFiles),
    .mixed: DirectoryListing(
      segments: [0, 6, 318, 321, 322, 934, 2294, 3813, 5526, 6127, 9530, 10601],
      transactionIndexes: [322, 934, 3813, 6127, 9530],
      snapshots: [6, 318, 321, 322, 934, 2294, 3813, 5526, 6127, 9530, 10601, 10742],
      others: partitionFiles),
    .compacted: DirectoryListing(
      segments: [0, 1227, 1656, 2358, 2469, 3073, 3792, 3993, 4612, 5015, 5217, 5218],
      transactionIndexes: [1656, 3993],
      snapshots: [1227, 1656, 2358, 2469, 3073, 3792, 3993, 4612, 5015, 5217, 5218],
      others: partitionFiles),
    .cleanMetadata: DirectoryListing(segments: [0], snapshots: [70], others: metadataFiles),
    .cleanConsumerOffsets: DirectoryListing(
      segments: [0], snapshots: [7], others: partitionFiles),
    .cleanTransactionState: DirectoryListing(
      segments: [0], snapshots: [19], others: partitionFiles),
    .cleanOrders: DirectoryListing(
      segments: [0, 3000], snapshots: [3000, 4600], others: partitionFiles),
    .cleanPayments: DirectoryListing(
      segments: [0], transactionIndexes: [0], snapshots: [126], others: partitionFiles),
    .killedMetadata: DirectoryListing(segments: [0], others: metadataFiles),
    .killedConsumerOffsets: DirectoryListing(segments: [0], others: partitionFiles),
    .killedTransactionState: DirectoryListing(segments: [0], others: partitionFiles),
    .killedOrders: DirectoryListing(
      segments: [0, 3000], snapshots: [3000], others: partitionFiles),
    .killedPayments: DirectoryListing(
      segments: [0], transactionIndexes: [0], others: partitionFiles),
  ]

  static let brokers: [String: DirectoryListing] = [
    "broker-clean": DirectoryListing(others: brokerFiles + [".kafka_cleanshutdown"]),
    "broker-killed": DirectoryListing(others: brokerFiles),
  ]
}
