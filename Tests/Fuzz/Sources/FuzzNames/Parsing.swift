import FuzzSupport
import Varve

/// Text, read as each kind of name: what was read, written, and read again, is the same.
enum Parsing {
  static func check(_ text: String) {
    if let name = SegmentFileName(parsing: text) {
      checkEqual(name.description, text, "a segment's file name")
      FuzzSupport.check(name.offset.rawValue >= 0, "a negative offset in \(text)")
    }
    if let name = MetadataSnapshotName(parsing: text) {
      checkEqual(name.description, text, "a metadata snapshot's name")
    }
    if let partition = TopicPartition(parsing: text) {
      checkEqual(TopicPartition(parsing: partition.description), partition, "a partition")
      FuzzSupport.check(partition.partition >= 0, "a negative partition in \(text)")
      FuzzSupport.check(TopicPartition.isTopic(partition.topic), "no topic in \(text)")
      FuzzSupport.check(PartitionDirectoryName(parsing: text) != nil, "no directory: \(text)")
    }
    if let name = PartitionDirectoryName(parsing: text) {
      checkEqual(
        PartitionDirectoryName(parsing: name.description), name, "a partition's directory")
      checkEqual(name.fate == nil, name.unique == nil, "half a fate")
      FuzzSupport.check(TopicPartition.isTopic(name.topic), "no topic in \(text)")
    }
    _ = TopicPartition.isTopic(text)
    checkEqual(
      TopicPartition(topic: text, partition: 0) != nil, TopicPartition.isTopic(text), "a topic")
  }
}
