/// What a store's checkpoints say of all its logs, and of those that are somebody else's.
///
/// A checkpoint is rewritten whole. What it says of partitions whose logs are not open here stays: they
/// may have failed to open, or have been taken elsewhere, and come back.
struct StoreOffsets: Hashable, Sendable {
  /// The checkpoints that hold an offset for each partition.
  static let names: [CheckpointName] = [
    .recoveryPoints, .logStartOffsets, .highWatermarks, .cleanerOffsets,
  ]

  /// What is to be said of a log.
  struct Facts: Hashable, Sendable {
    /// Up to where it is on the device, in Kafka's final form.
    var recoveryPoint: Offset
    /// Where it starts; nil where that is where its first segment does.
    var start: Offset?
    /// Up to where it is replicated.
    var highWatermark: Offset
    /// From where on it is to be compacted; nil where it never was.
    var cleanedBelow: Offset?

    fileprivate subscript(name: CheckpointName) -> Offset? {
      switch name {
      case .recoveryPoints: recoveryPoint
      case .logStartOffsets: start
      case .highWatermarks: highWatermark
      case .cleanerOffsets: cleanedBelow
      default: nil
      }
    }
  }

  private var said: [CheckpointName: [TopicPartition: Offset]] = [:]

  /// What a checkpoint says of a partition.
  subscript(name: CheckpointName, partition: TopicPartition) -> Offset? {
    said[name]?[partition]
  }

  /// Takes over what stands in a checkpoint.
  mutating func read(_ checkpoint: OffsetCheckpoint, from name: CheckpointName) {
    said[name] = checkpoint.offsets
  }

  /// Says of logs what is so now.
  mutating func note(_ logs: [TopicPartition: Facts]) {
    for name in Self.names {
      var offsets = said[name] ?? [:]
      for (partition, facts) in logs { offsets[partition] = facts[name] }
      said[name] = offsets
    }
  }

  /// Says nothing more of a partition. True if something had been said.
  mutating func forget(_ partition: TopicPartition) -> Bool {
    var hadSome = false
    for name in Self.names where said[name]?.removeValue(forKey: partition) != nil {
      hadSome = true
    }
    return hadSome
  }

  /// The checkpoint as it is to be written.
  func checkpoint(_ name: CheckpointName) -> OffsetCheckpoint {
    let entries = (said[name] ?? [:]).map { PartitionOffset(partition: $0.key, offset: $0.value) }
    return OffsetCheckpoint(
      entries.sorted { TopicPartition.comesBefore($0.partition, $1.partition) })
  }
}
