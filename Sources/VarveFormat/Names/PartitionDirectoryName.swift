/// The name of a partition's directory: `<topic>-<number>`, and where the partition is about to go
/// or to move, a dot, 32 hexadecimal digits and what becomes of it.
public struct PartitionDirectoryName: Hashable, Sendable {
  /// What becomes of the directory.
  public enum Fate: String, CaseIterable, Sendable, Hashable {
    /// It is being removed.
    case delete
    /// The cluster does not know it; it is kept aside.
    case stray
    /// It is being filled, to replace the partition's directory on another disk.
    case future
  }

  /// The topic; where ``fate`` is set, perhaps only the beginning of its name.
  public let topic: String
  /// The partition's number.
  public let partition: Int32
  /// What becomes of the directory, if anything.
  public let fate: Fate?
  /// The 32 hexadecimal digits that tell it from others of the same fate.
  public let unique: String?

  /// The name of a partition that stays.
  public init(_ partition: TopicPartition) {
    topic = partition.topic
    self.partition = partition.partition
    fate = nil
    unique = nil
  }

  /// The name of a partition that goes or moves.
  ///
  /// - Parameters:
  ///   - partition: Which one.
  ///   - fate: What becomes of it.
  ///   - unique: 32 hexadecimal digits; nil is returned where they are not.
  public init?(_ partition: TopicPartition, _ fate: Fate, unique: String) {
    guard Self.isUnique(unique) else { return nil }
    let rest = "-\(partition.partition).\(unique)-\(fate.rawValue)".utf8.count
    // Names of partitions on the move are not shortened: they are read again in full.
    topic =
      fate == .future
      ? partition.topic
      : String(partition.topic.prefix(FormatLimits.maximumFileNameLength - rest))
    self.partition = partition.partition
    self.fate = fate
    self.unique = unique
  }

  /// Reads a directory's name; nil where it is no partition's.
  public init?(parsing name: String) {
    let (stem, fate, unique) = Self.split(name)
    guard let partition = TopicPartition(parsing: stem) else { return nil }
    topic = partition.topic
    self.partition = partition.partition
    self.fate = fate
    self.unique = unique
  }

  /// Takes off what stands behind the partition, where that is a fate.
  private static func split(
    _ name: String
  ) -> (stem: Substring, fate: Fate?, unique: String?) {
    guard let dash = name.lastIndex(of: "-"),
      let fate = Fate(rawValue: String(name[name.index(after: dash)...])),
      let dot = name[..<dash].lastIndex(of: ".")
    else { return (name[...], nil, nil) }
    let unique = String(name[name.index(after: dot)..<dash])
    guard isUnique(unique) else { return (name[...], nil, nil) }
    return (name[..<dot], fate, unique)
  }

  private static func isUnique(_ text: String) -> Bool {
    text.utf8.count == uniqueDigitCount
      && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
  }

  private static let uniqueDigitCount = 32
}

extension PartitionDirectoryName: CustomStringConvertible {
  /// The name itself.
  public var description: String {
    let name = "\(topic)-\(partition)"
    guard let fate, let unique else { return name }
    return "\(name).\(unique)-\(fate.rawValue)"
  }
}
