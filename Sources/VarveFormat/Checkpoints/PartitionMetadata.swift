/// A partition's `partition.metadata`: of which topic it is.
///
/// It is on the device before the first record is appended, so that a log is never taken for that of
/// another topic of the same name.
public struct PartitionMetadata: Hashable, Sendable {
  /// The topic's id.
  public var topicID: UniqueID

  /// Metadata of a topic's partition.
  public init(topicID: UniqueID) { self.topicID = topicID }
}

extension PartitionMetadata {
  private static let versionKey = "version"
  private static let topicKey = "topic_id"

  /// Reads metadata. Later versions are read by what they share with version 0.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and where the line begins.
  public init(parsing bytes: RawSpan) throws(LogError) {
    var lines = TextLines(bytes)
    guard let first = try lines.next(), let second = try lines.next() else {
      throw .breach(.partitionMetadata, atByte: bytes.byteCount, "there are \(lines.count) lines")
    }
    guard let number = first.value(of: Self.versionKey), let version = Int32(number), version >= 0,
      let digits = second.value(of: Self.topicKey)
    else { throw first.breach(.partitionMetadata) }
    guard let topicID = UniqueID(parsing: digits), topicID != .zero else {
      throw second.breach(.uniqueID)
    }
    self.init(topicID: topicID)
  }

  /// The text's bytes, as Kafka writes them: the second line has no end.
  public var encoded: [UInt8] {
    Array("\(Self.versionKey): 0\n\(Self.topicKey): \(topicID)".utf8)
  }
}

extension TextLine {
  /// What stands behind a key, its colon and white space.
  fileprivate func value(of key: String) -> Substring? {
    let fields = fields
    guard fields.count == 2, fields[0] == key + ":" else { return nil }
    return fields[1]
  }
}
