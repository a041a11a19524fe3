public import VarveFormat

extension KafkaLoaderModel {
  /// Why Kafka does not start, or does not find what it is asked for.
  public enum Failure: Error, Hashable, Sendable {
    /// A name has a suffix of Kafka's and does not begin with 20 digits.
    case unreadableName(String)
    /// Bytes that Kafka believed to be batches are none: zeros, say, before the end of a file.
    case corruptBatch(file: String, position: Int)
    /// The offsets of a segment do not grow, and this was noticed where Kafka cannot cut it.
    case invalidOffset(segment: Offset, Offset)
    /// An offset is below the segment's base, or too far from it: Kafka would try to split it.
    case offsetOutOfRange(segment: Offset, Offset)
    /// The checkpoint of leader epochs is not what Kafka writes.
    case leaderEpochs(line: Int)
    /// The transaction index is of a later version.
    case transactionIndexVersion(file: String)
  }
}

extension KafkaLoaderModel.Failure: CustomStringConvertible {
  /// What Kafka has to say.
  public var description: String {
    switch self {
    case .unreadableName(let name): "there is no offset in the name '\(name)'"
    case .corruptBatch(let file, let position): "no batch at \(position) of '\(file)'"
    case .invalidOffset(let segment, let offset):
      "offset \(offset) does not follow in the segment at \(segment)"
    case .offsetOutOfRange(let segment, let offset):
      "offset \(offset) cannot be in the segment at \(segment)"
    case .leaderEpochs(let line): "line \(line) of '\(KafkaEpochs.fileName)' is malformed"
    case .transactionIndexVersion(let file): "'\(file)' is of a later version"
    }
  }
}
