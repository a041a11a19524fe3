/// How positions are written: as Kafka's groups commit offsets, in `__consumer_offsets`.
///
/// Integers are big-endian, and a text has its length before it. Keys are of version 1, values of
/// version 3; later ones are read by what they share with it.
enum PositionCoding {
  /// What a position is of.
  struct Key: Hashable, Sendable {
    var group: String
    var partition: TopicPartition
  }

  private static let keyVersion: Int16 = 1
  private static let valueVersion: Int16 = 3
  /// From this version on texts have another form of length.
  private static let flexibleVersion: Int16 = 4
  /// The last one that is known.
  private static let lastVersion: Int16 = 4

  // MARK: Writing

  static func encoded(_ key: Key) -> [UInt8] {
    var bytes: [UInt8] = []
    put(keyVersion, into: &bytes)
    put(key.group, into: &bytes)
    put(key.partition.topic, into: &bytes)
    put(key.partition.partition, into: &bytes)
    return bytes
  }

  static func encoded(_ position: Position) -> [UInt8] {
    var bytes: [UInt8] = []
    put(valueVersion, into: &bytes)
    put(position.offset.rawValue, into: &bytes)
    put(position.leaderEpoch.rawValue, into: &bytes)
    // What a consumer may say of it, which is nothing.
    put("", into: &bytes)
    put(position.committedAt.rawValue, into: &bytes)
    return bytes
  }

  private static func put<T: FixedWidthInteger>(_ value: T, into bytes: inout [UInt8]) {
    for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift)))
    }
  }

  private static func put(_ text: String, into bytes: inout [UInt8]) {
    put(Int16(truncatingIfNeeded: text.utf8.count), into: &bytes)
    bytes += text.utf8
  }

  // MARK: Reading

  /// The key; nil where it is that of something else, as Kafka keeps of groups, or of nothing.
  static func key(_ bytes: [UInt8]) -> Key? {
    var reader = Reader(bytes)
    guard let version: Int16 = reader.integer(), (0...keyVersion).contains(version),
      let group = reader.text(), let topic = reader.text(), let number: Int32 = reader.integer(),
      let partition = TopicPartition(topic: topic, partition: number)
    else { return nil }
    return Key(group: group, partition: partition)
  }

  static func position(_ bytes: [UInt8]) -> Position? {
    var reader = Reader(bytes)
    guard let version: Int16 = reader.integer(), (0...lastVersion).contains(version),
      let offset: Int64 = reader.integer(), offset >= 0
    else { return nil }
    var epoch = LeaderEpoch.none
    if version >= valueVersion {
      guard let number: Int32 = reader.integer() else { return nil }
      epoch = LeaderEpoch(rawValue: number)
    }
    let hasText = version >= flexibleVersion ? reader.skipCompactText() : reader.text() != nil
    guard hasText, let time: Int64 = reader.integer() else { return nil }
    return Position(
      offset: Offset(rawValue: offset), leaderEpoch: epoch,
      committedAt: Timestamp(milliseconds: time))
  }

  /// Takes values off bytes that may be anything.
  private struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func integer<T: FixedWidthInteger>() -> T? {
      let count = T.bitWidth / 8
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reduce(T(0)) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    mutating func text() -> String? {
      guard let count: Int16 = integer(), count >= 0, rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(Int(count)) }
      return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
    }

    /// Passes over a text whose length is one less than a number of seven bits to a byte.
    mutating func skipCompactText() -> Bool {
      var (length, shift) = (0, 0)
      while let byte = rest.popFirst(), shift < 28 {
        length |= Int(byte & 0x7f) << shift
        shift += 7
        guard byte & 0x80 == 0 else { continue }
        guard rest.count >= length - 1 else { return false }
        rest = rest.dropFirst(max(0, length - 1))
        return true
      }
      return false
    }
  }
}
