import Testing

@testable import VarveFormat

/// Walks over old messages, alone and beside batches.
@Suite struct LegacyWalkTests {
  typealias Message = LegacyMessages.Message

  private static let three = [
    Message(3, at: 50, key: "k"), Message(7, at: 40, value: nil),
    Message(8, at: 60, key: "", value: ""),
  ]

  /// The offsets of a walk, and where it ended.
  private func walk(_ bytes: [UInt8], from position: Int = 0) throws -> (
    offsets: [Offset], end: Int
  ) {
    var walk = LegacyMessageWalk(bytes.span.bytes, from: position)
    var offsets: [Offset] = []
    while let message = try walk.next() { offsets.append(message.offset) }
    return (offsets, walk.position)
  }

  private func breach(_ bytes: [UInt8]) -> FormatBreach? { error { try walk(bytes) }?.breach }

  @Test(arguments: LegacyFormat.allCases)
  func messagesLieBackToBack(format: LegacyFormat) throws {
    let bytes = LegacyMessages.set(Self.three, format)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    var position = 0
    for expected in Self.three {
      guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
      #expect(walk.messagePosition == position)
      position += message.bytes.byteCount
      #expect(walk.position == position)
      #expect(Array(message.bytes) == expected.encoded(format))
      #expect(message.offset.rawValue == expected.offset && message.format == format)
      #expect(message.timestamp.rawValue == (format == .version0 ? -1 : expected.timestamp))
    }
    let isThereMore = try walk.next() != nil
    #expect(!isThereMore)
    #expect(walk.remainingByteCount == 0)
  }

  @Test(arguments: LegacyFormat.allCases)
  func aTornMessageEndsTheWalk(format: LegacyFormat) throws {
    let bytes = LegacyMessages.set(Self.three, format)
    let last = Self.three[2].encoded(format).count
    for count in bytes.count - last..<bytes.count {
      let torn = try walk(Array(bytes.prefix(count)))
      #expect(torn.offsets == [3, 7] && torn.end == bytes.count - last)
    }
  }

  @Test(arguments: [Int.min, -1, 1000, Int.max])
  func nothingLiesOutside(position: Int) throws {
    let bytes = LegacyMessages.set(Self.three, .version1)
    let outside = try walk(bytes, from: position)
    #expect(outside.offsets.isEmpty && outside.end == position)
  }

  // MARK: What is no message

  @Test func zerosAreNone() {
    #expect(breach([UInt8](repeating: 0, count: 64)) == FormatBreach(.messageLength, atByte: 8))
  }

  @Test(arguments: LegacyFormat.allCases)
  func lengthsHaveALeast(format: LegacyFormat) {
    var bytes = Message(1, value: nil).encoded(format)
    for length in [Int32.min, -1, 0, 13, Int32(format.overhead) - 1] {
      bytes.replaceSubrange(8..<12, with: bigEndian(length))
      #expect(breach(bytes) == FormatBreach(.messageLength, atByte: 8))
    }
  }

  @Test(arguments: [UInt8(3), 0x7f, 0x80, 0xff])
  func versionsThatThereAreNot(magic: UInt8) {
    let good = Message(1).encoded(.version0)
    let bytes = good + good[..<16] + [magic] + good[17...]
    #expect(breach(bytes) == FormatBreach(.magic, atByte: good.count + 16))
  }

  // MARK: Beside batches

  private func isAtLegacyMessage(_ bytes: [UInt8], _ position: Int = 0) -> Bool {
    BatchWalk(bytes.span.bytes, from: position).isAtLegacyMessage
  }

  /// A log that was written to by an older Kafka, and then by a newer one.
  @Test func oneWalkGoesOnWhereTheOtherEnds() throws {
    let batch = try RecordBatch.small().array
    let old = LegacyMessages.set(Self.three, .version1)
    let bytes = old + batch + batch + old
    #expect(isAtLegacyMessage(bytes))
    #expect(error { try BatchWalk(bytes.span.bytes).nextByteCount() }?.code == .unsupported)

    var messages = LegacyMessageWalk(bytes.span.bytes)
    var isAtBatch = messages.isAtBatch
    #expect(!isAtBatch)
    var count = 0
    while try messages.next() != nil { count += 1 }
    isAtBatch = messages.isAtBatch
    #expect(count == 3 && isAtBatch)
    #expect(messages.position == old.count)

    var batches = BatchWalk(bytes.span.bytes, from: messages.position)
    for _ in 0..<2 {
      var isAtOld = batches.isAtLegacyMessage
      #expect(!isAtOld)
      isAtOld = try batches.next() == nil
      #expect(!isAtOld)
    }
    #expect(isAtLegacyMessage(bytes, batches.position))
    #expect(batches.position == bytes.count - old.count)
  }

  /// Zeros, torn tails and other versions are none of its business.
  @Test func whatIsNoOldMessageIsNotTakenForOne() throws {
    let old = Message(1).encoded(.version0)
    for bytes in [
      [UInt8](repeating: 0, count: 64), Array(old.prefix(17)), [], old[..<16] + [3] + old[17...],
      try RecordBatch.small().array,
    ] {
      #expect(!isAtLegacyMessage(bytes))
    }
    #expect(isAtLegacyMessage(old))
    #expect(!isAtLegacyMessage(old, .max))
  }

  // MARK: Look-ups

  @Test(arguments: [(0, 3), (3, 3), (4, 7), (8, 8), (9, nil)] as [(Int64, Int64?)])
  func offsetsAreFound(target: Int64, found: Int64?) throws {
    let bytes = LegacyMessages.set(Self.three, .version0)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    let offset = try walk.skip(to: Offset(rawValue: target))?.offset.rawValue
    #expect(offset == found)
  }

  @Test(
    arguments: [
      (0, 0, 3), (50, 0, 3), (50, 4, 8), (51, 0, 8), (40, 4, 7), (60, 9, nil), (61, 0, nil),
    ] as [(Int64, Int64, Int64?)])
  func timesAreFound(time: Int64, from: Int64, found: Int64?) throws {
    let bytes = LegacyMessages.set(Self.three, .version1)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    let offset = try walk.skip(
      to: Timestamp(milliseconds: time), from: Offset(rawValue: from))?.offset.rawValue
    #expect(offset == found)
  }

  @Test func thereWereNoTimesInVersion0() throws {
    let bytes = LegacyMessages.set(Self.three, .version0)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    let isThere = try walk.skip(to: Timestamp(milliseconds: 0), from: 0) != nil
    #expect(!isThere)
  }
}
