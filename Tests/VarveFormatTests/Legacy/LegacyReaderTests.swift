import Testing

@testable import VarveFormat

/// The records of old messages, compressed or not.
@Suite struct LegacyReaderTests {
  typealias Message = LegacyMessages.Message

  /// The records of one message.
  private func records(
    _ bytes: [UInt8], _ decompressor: PlainDecompressor = PlainDecompressor(),
    limit: Int = LegacyMessageReader.defaultMaximumByteCount
  ) throws -> [LegacyRecord] {
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    return try LegacyMessageReader(maximumByteCount: limit, decompressor).records(of: message)
  }

  private func breach(_ bytes: [UInt8]) -> FormatBreach? { error { try records(bytes) }?.breach }

  // MARK: Plain messages

  @Test(arguments: [nil, "", "k"] as [String?], [nil, "", "v"] as [String?])
  func keysAndValuesMayBeMissing(key: String?, value: String?) throws {
    for format in LegacyFormat.allCases {
      let read = try records(Message(5, at: 9, key: key, value: value).encoded(format))
      #expect(read.count == 1 && read[0].offset == 5)
      #expect(
        read[0].record
          == Record(
            key: key.map { Array($0.utf8) }, value: value.map { Array($0.utf8) },
            timestamp: Timestamp(rawValue: format == .version0 ? -1 : 9)))
    }
  }

  @Test func aLogMayGiveTheTime() throws {
    let message = Message(5, at: 9, attributes: 0x08)
    #expect(try records(message.encoded(.version1))[0].timestampType == .appendTime)
    // In version 0 the flag means nothing.
    #expect(try records(message.encoded(.version0))[0].timestampType == .createTime)
  }

  /// Any bit but those of offset, length and version.
  @Test(arguments: LegacyFormat.allCases)
  func damageIsSeen(format: LegacyFormat) {
    let good = Message(5, at: 9, key: "key").encoded(format)
    for bit in 12 * 8..<good.count * 8 where bit / 8 != 16 {
      var bytes = good
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(breach(bytes) == FormatBreach(.messageChecksum, atByte: 12))
    }
  }

  @Test(arguments: [UInt8(4), 5, 6, 7])
  func codecsThatThereAreNot(codec: UInt8) {
    #expect(
      breach(Message(1, attributes: codec).encoded(.version1))
        == FormatBreach(.messageCodec, atByte: 17))
  }

  @Test(arguments: [Int64.min, -1, .max])
  func offsetsThatThereAreNot(offset: Int64) {
    #expect(breach(Message(offset).encoded(.version1)) == FormatBreach(.baseOffset, atByte: 0))
  }

  /// Lengths of key and value, with a checksum that is right.
  @Test(arguments: LegacyFormat.allCases)
  func lengthsStayWithinTheMessage(format: LegacyFormat) {
    let start = format.keyPosition
    let head = Array(Message(1).encoded(format)[16..<start])
    func breach(_ tail: [UInt8]) -> FormatBreach? {
      self.breach(LegacyMessages.framed(head + tail, offset: 1))
    }
    #expect(
      breach(bigEndian(Int32.max) + bigEndian(Int32(-1))) == FormatBreach(.keyLength, atByte: start)
    )
    #expect(
      breach(bigEndian(Int32(5)) + bigEndian(Int32(-1))) == FormatBreach(.keyLength, atByte: start))
    #expect(
      breach(bigEndian(Int32(1)) + [9, 9, 9, 9]) == FormatBreach(.valueLength, atByte: start + 5))
    #expect(
      breach(bigEndian(Int32.min) + bigEndian(Int32(1)))
        == FormatBreach(.valueLength, atByte: start + 4))
    #expect(
      breach(bigEndian(Int32(-1)) + bigEndian(Int32(-2)) + [0])
        == FormatBreach(.recordIsFilled, atByte: start + 8))
    #expect(breach(bigEndian(Int32(-7)) + bigEndian(Int32.min)) == nil)
  }

  // MARK: Compressed messages

  @Test func offsetsOfVersion0AreThoseOfTheLog() throws {
    let inner = LegacyMessages.set([Message(10), Message(12), Message(15)], .version0)
    let read = try records(
      Message(15, holding: inner).encoded(.version0),
      PlainDecompressor(expectedCodec: .gzip, expectsIgnoredChecksum: true))
    #expect(read.map(\.offset) == [10, 12, 15])
    #expect(read.allSatisfy { $0.record.timestamp == Timestamp.none })
  }

  /// What compaction removed leaves gaps.
  @Test(
    arguments: [
      (15, [0, 1, 2], [13, 14, 15]), (15, [0, 2, 5], [10, 12, 15]), (15, [5], [15]),
      (15, [0], [15]), (2, [0, 2], [0, 2]), (0, [0], [0]),
      // Left at 0 by some producers.
      (0, [0, 1, 2], [0, 1, 2]),
    ] as [(Int64, [Int64], [Offset])])
  func offsetsOfVersion1AreCountedBackFromTheLast(
    wrapper: Int64, inner: [Int64], offsets: [Offset]
  ) throws {
    let inner = LegacyMessages.set(inner.map { Message($0) }, .version1)
    let read = try records(
      Message(wrapper, holding: inner, attributes: 2).encoded(.version1),
      PlainDecompressor(expectedCodec: .snappy, expectsIgnoredChecksum: false))
    #expect(read.map(\.offset) == offsets)
  }

  @Test(arguments: [TimestampType.createTime, .appendTime])
  func timesAreTheirOwnOrTheLogs(type: TimestampType) throws {
    let inner = LegacyMessages.set([Message(0, at: 70), Message(1, at: 60)], .version1)
    let read = try records(
      Message(1, at: 99, holding: inner, attributes: type == .appendTime ? 0x0b : 0x03)
        .encoded(.version1))
    let times: [Int64] = type == .appendTime ? [99, 99] : [70, 60]
    #expect(read.map { $0.record.timestamp?.rawValue } == times)
    #expect(read.allSatisfy { $0.timestampType == type })
  }

  // MARK: Compressed messages that are wrong

  private func wrapped(_ inner: [UInt8]?, _ format: LegacyFormat, offset: Int64 = 9) -> [UInt8] {
    Message(offset, holding: inner).encoded(format)
  }

  @Test(arguments: LegacyFormat.allCases)
  func theSetIsWhole(format: LegacyFormat) {
    let other: LegacyFormat = format == .version0 ? .version1 : .version0
    let plain = Message(0).encoded(format)
    let size = plain.count
    #expect(breach(wrapped(nil, format)) == FormatBreach(.messageSet, atByte: format.keyPosition))
    #expect(breach(wrapped([], format)) == FormatBreach(.messageSet, atByte: 0))
    #expect(
      breach(wrapped(Array(plain.dropLast()), format))
        == FormatBreach(.messageIsComplete, atByte: 0))
    #expect(breach(wrapped(plain + [0], format)) == FormatBreach(.messageIsComplete, atByte: size))
    #expect(
      breach(wrapped(plain + Message(1).encoded(other), format))
        == FormatBreach(.messageSet, atByte: size + 16))
    #expect(
      breach(wrapped(plain + wrapped(plain, format, offset: 1), format))
        == FormatBreach(.messageSet, atByte: size + 16))
    var damaged = Message(1).encoded(format)
    damaged[size - 1] ^= 1
    #expect(
      breach(wrapped(plain + damaged, format)) == FormatBreach(.messageChecksum, atByte: size + 12))
  }

  @Test func noBatchIsInAMessage() throws {
    let batch = try RecordBatch.small().array
    #expect(breach(wrapped(batch, .version1)) == FormatBreach(.messageIsComplete, atByte: 0))
  }

  @Test(arguments: LegacyFormat.allCases)
  func offsetsIncreaseUpToTheWrappers(format: LegacyFormat) {
    func set(_ offsets: Int64...) -> [UInt8] {
      LegacyMessages.set(offsets.map { Message($0) }, format)
    }
    let size = Message(0).encoded(format).count
    #expect(breach(wrapped(set(1, 1), format)) == FormatBreach(.messageOffset, atByte: size))
    #expect(breach(wrapped(set(2, 1), format)) == FormatBreach(.messageOffset, atByte: size))
    #expect(breach(wrapped(set(0, 10), format)) == FormatBreach(.messageOffset, atByte: 0))
    #expect(breach(wrapped(set(-1), format)) == FormatBreach(.baseOffset, atByte: 0))
    #expect(breach(wrapped(set(0, .max), format)) == FormatBreach(.baseOffset, atByte: size))
    #expect(breach(wrapped(set(0, .max - 1), format, offset: 0)) == nil)
  }

  @Test func bombsAreRefused() {
    let inner = Message(0, value: String(repeating: "v", count: 1000)).encoded(.version1)
    let bytes = wrapped(inner, .version1)
    #expect(throws: Never.self) { try records(bytes, limit: inner.count) }
    #expect(error { try records(bytes, limit: inner.count - 1) }?.code == .corrupt)
  }

  @Test(arguments: [(UInt8(1), "Gzip"), (2, "Snappy"), (3, "LZ4")])
  func withoutItsCodecAMessageKeepsItsSecrets(codec: UInt8, trait: String) throws {
    struct None: MessageDecompressor {
      func decompress(
        _ bytes: RawSpan, _ codec: CompressionCodec, ignoresHeaderChecksum: Bool, limit: Int
      ) throws(LogError) -> [UInt8] {
        throw LogError(.unsupported, "no \(codec.traitName ?? "")")
      }
    }
    let bytes = Message(1, holding: [1, 2, 3], attributes: codec).encoded(.version1)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    try message.validate()
    let refusal = error { try LegacyMessageReader(None()).records(of: message) }
    #expect(refusal == LogError(.unsupported, "no \(trait)"))
  }

  // MARK: Look-ups within a message

  @Test func recordsAreFoundWithinAMessage() throws {
    let inner = LegacyMessages.set(
      [Message(0, at: 50), Message(1, at: 70), Message(2, at: 60)], .version1)
    let bytes = Message(12, at: 70, holding: inner).encoded(.version1)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    let reader = LegacyMessageReader(PlainDecompressor())
    for (target, found) in [(0, 10), (10, 10), (11, 11), (12, 12), (13, nil)] as [(Int64, Int64?)] {
      let record = try reader.firstRecord(of: message, from: Offset(rawValue: target))
      #expect(record?.offset.rawValue == found)
    }
    for (time, from, found) in [
      (0, 0, 10), (51, 0, 11), (60, 0, 11), (60, 12, 12), (61, 12, nil), (71, 0, nil),
    ] as [(Int64, Int64, Int64?)] {
      let record = try reader.firstRecord(
        of: message, at: Timestamp(milliseconds: time), from: Offset(rawValue: from))
      #expect(record?.offset.rawValue == found)
    }
  }

  /// What the body throws comes through.
  @Test func aBodyMayEndIt() throws {
    let inner = LegacyMessages.set([Message(0), Message(1)], .version1)
    let bytes = Message(1, holding: inner).encoded(.version1)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    var seen = 0
    let refusal = error {
      try LegacyMessageReader(PlainDecompressor()).forEachRecord(of: message) {
        _ throws(LogError) in
        seen += 1
        throw LogError(.cancelled, "enough")
      }
    }
    #expect(refusal?.code == .cancelled && seen == 1)
  }
}
