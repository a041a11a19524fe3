/// A partition: a topic and a number. In a Kafka log directory its log lies in `<topic>-<number>`.
public struct TopicPartition: Hashable, Sendable {
  /// The topic.
  public let topic: String
  /// The number, 0 or greater.
  public let partition: Int32

  /// Names a partition; nil where Kafka would not take the topic, or the number is negative.
  public init?(topic: String, partition: Int32) {
    guard Self.isTopic(topic), partition >= 0 else { return nil }
    self.topic = topic
    self.partition = partition
  }

  /// Reads a directory's name, which ends in the partition's number behind the last `-`.
  public init?(parsing name: some StringProtocol) {
    guard let dash = name.lastIndex(of: "-"),
      let partition = Self.number(name[name.index(after: dash)...])
    else { return nil }
    self.init(topic: String(name[..<dash]), partition: partition)
  }

  /// Whether Kafka takes this as a topic's name: up to 249 letters, digits, dots, underscores and
  /// dashes of ASCII, but not `.` or `..`.
  public static func isTopic(_ name: String) -> Bool {
    guard (1...FormatLimits.maximumTopicNameLength).contains(name.utf8.count),
      name != ".", name != ".."
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  /// Digits alone, and no zero before them: a partition has one name.
  private static func number(_ digits: some StringProtocol) -> Int32? {
    guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      digits == "0" || digits.utf8.first != UInt8(ascii: "0")
    else { return nil }
    return Int32(digits)
  }
}

extension TopicPartition: CustomStringConvertible {
  /// The name of its directory.
  public var description: String { "\(topic)-\(partition)" }
}
