/// An offset of a partition: what it means, the checkpoint's name says.
public struct PartitionOffset: Hashable, Sendable {
  /// Which partition.
  public var partition: TopicPartition
  /// The offset.
  public var offset: Offset

  /// An offset of a partition.
  public init(partition: TopicPartition, offset: Offset) {
    self.partition = partition
    self.offset = offset
  }
}

extension PartitionOffset: CheckpointEntry {
  /// Reads a topic, a number and an offset.
  public init?(fields: [Substring]) {
    guard fields.count == 3, let number = Int32(fields[1]), let offset = Int64(fields[2]),
      let partition = TopicPartition(topic: String(fields[0]), partition: number)
    else { return nil }
    self.init(partition: partition, offset: Offset(rawValue: offset))
  }

  /// The topic, the number and the offset.
  public var line: String { "\(partition.topic) \(partition.partition) \(offset.rawValue)" }
}

/// A checkpoint of all partitions of a log directory: that of recovery points, of start offsets, of
/// high watermarks, or of what is cleaned.
public typealias OffsetCheckpoint = Checkpoint<PartitionOffset>

extension Checkpoint where Entry == PartitionOffset {
  /// The offsets by partition. Of one that has two lines the last one holds, as Kafka has it.
  public var offsets: [TopicPartition: Offset] {
    Dictionary(entries.lazy.map { ($0.partition, $0.offset) }) { _, last in last }
  }
}
