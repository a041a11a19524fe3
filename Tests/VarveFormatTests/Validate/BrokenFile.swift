@testable import VarveFormat

/// Bytes of a file, or of an old message, that break one rule, and where that must be found.
struct BrokenFile {
  let byte: Int
  /// Reads the bytes, and throws.
  let read: () throws -> Void

  /// The smallest of them that breaks the rule; nil for rules that are not about these.
  init?(_ rule: FormatRule) {
    switch rule {
    case .fileVersion: self.init("1\n", at: 0) { try LeaderEpochCheckpoint(parsing: $0) }
    case .snapshotIsComplete:
      self.init([0, 1, 0, 0, 0], at: 5) { try ProducerSnapshot(parsing: $0) }
    case .snapshotChecksum:
      self.init(hex("00014867 4bc60000 0000"), at: 2) { try ProducerSnapshot(parsing: $0) }
    case .snapshotIsFilled:
      let body = hex("00000000 00")
      self.init([0, 1] + bigEndian(crc(body[...])) + body, at: 10) {
        try ProducerSnapshot(parsing: $0)
      }
    case .checkpointLine: self.init("0\n1\n1\n", at: 4) { try LeaderEpochCheckpoint(parsing: $0) }
    case .checkpointCount: self.init("0\n1\n", at: 2) { try LeaderEpochCheckpoint(parsing: $0) }
    case .lineLength:
      let line = String(repeating: "0", count: FormatLimits.maximumLineByteCount + 1)
      self.init(line, at: 0) { try OffsetCheckpoint(parsing: $0) }
    case .partitionMetadata: self.init("version: 0", at: 10) { try PartitionMetadata(parsing: $0) }
    case .uniqueID:
      self.init("version: 0\ntopic_id: 0", at: 11) { try PartitionMetadata(parsing: $0) }
    case .propertyEscape: self.init("a=\\u0", at: 0) { try PropertyList(parsing: $0) }
    case .metaProperty: self.init("version=1", at: 0) { try MetaProperties(parsing: $0) }
    default: self.init(message: rule)
    }
  }

  private init?(message rule: FormatRule) {
    typealias Message = LegacyMessages.Message
    let plain = Message(1).encoded(.version1)
    switch rule {
    case .messageIsComplete: self.init(holding: Array(plain.dropLast()), at: 0)
    case .messageLength: self.init(holding: [UInt8](repeating: 0, count: 64), at: 8)
    case .messageChecksum: self.init(message: plain.dropLast() + [0], at: 12)
    case .messageCodec: self.init(message: Message(1, attributes: 4).encoded(.version1), at: 17)
    case .messageOffset: self.init(holding: plain + plain, at: plain.count)
    case .messageSet: self.init(holding: [], at: 0)
    default: return nil
    }
  }

  private init(
    _ text: String, at byte: Int, _ parse: @escaping (RawSpan) throws -> some Sendable
  ) {
    self.init(Array(text.utf8), at: byte, parse)
  }

  private init(
    _ bytes: [UInt8], at byte: Int, _ parse: @escaping (RawSpan) throws -> some Sendable
  ) {
    self.byte = byte
    read = { _ = try parse(bytes.span.bytes) }
  }

  private init(holding set: [UInt8], at byte: Int) {
    self.init(
      message: LegacyMessages.Message(1, holding: set).encoded(.version1), at: byte)
  }

  private init(message: [UInt8], at byte: Int) {
    self.byte = byte
    read = {
      var walk = LegacyMessageWalk(message.span.bytes)
      guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
      _ = try LegacyMessageReader(PlainDecompressor()).records(of: message)
    }
  }
}
