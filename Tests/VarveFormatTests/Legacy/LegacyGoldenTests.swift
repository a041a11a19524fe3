import Testing

@testable import VarveFormat

/// Two records in both old formats, plain and in an LZ4 frame. The checksums are constants of Kafka's
/// own tests, so that all that they cover is what Kafka writes.
@Suite struct LegacyGoldenTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let format: LegacyFormat
    /// Both messages, one after the other.
    let plain: String
    let plainChecksum: UInt32
    /// One message that holds both.
    let compressed: String
    let compressedChecksum: UInt32

    var testDescription: String { "\(format)" }
  }

  static let vectors = [
    Vector(
      format: .version0,
      plain: """
        0000000000000000 00000018 75f0f41d 00 00 00000004 6b657931 00000006 76616c756531
        0000000000000001 00000018 751bc3a6 00 00 00000004 6b657932 00000006 76616c756532
        """,
      plainChecksum: 1_978_725_405,
      // The frame's header ends in 1a, which is the checksum of its magic number too.
      compressed: """
        0000000000000001 00000056 03fd7f3a 00 03 ffffffff 00000048
        04224d18 60 40 1a 39000000 16000100511875f0f41d0f00e0046b6579310000000676616c75650a0000020011
        012400301bc3a60d00012400b0320000000676616c756532 00000000
        """,
      compressedChecksum: 66_944_826),
    Vector(
      format: .version1,
      plain: """
        0000000000000000 00000020 0685b364 01 00 00000000000454c3 00000004 6b657931
        00000006 76616c756531
        0000000000000001 00000020 05093005 01 00 00000000000004d2 00000004 6b657932
        00000006 76616c756532
        """,
      plainChecksum: 109_425_508,
      compressed: """
        0000000000000001 0000006c 53e1bee7 01 03 00000000000454c3 ffffffff 00000056
        04224d18 60 40 82 47000000 1600010062200685b364011000f0050454c3000000046b657931000000067661
        6c75650a0000020000230050200509300509000002002304d22c00b0320000000676616c756532 00000000
        """,
      compressedChecksum: 1_407_303_399),
  ]

  private func records(_ format: LegacyFormat) -> [Record] {
    [("key1", "value1", 283_843), ("key2", "value2", 1234)].map { key, value, time in
      Record(
        key: key, value: Array(value.utf8),
        timestamp: format == .version0 ? Timestamp.none : Timestamp(milliseconds: time))
    }
  }

  private func read(_ bytes: [UInt8], _ reader: LegacyMessageReader) throws -> [LegacyRecord] {
    var records: [LegacyRecord] = []
    var walk = LegacyMessageWalk(bytes.span.bytes)
    while let message = try walk.next() {
      try message.validate()
      records += try reader.records(of: message)
    }
    #expect(walk.position == bytes.count)
    return records
  }

  @Test(arguments: vectors)
  func plainMessages(vector: Vector) throws {
    let bytes = hex(vector.plain)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    let checksum = try walk.next()?.checksum
    #expect(checksum == vector.plainChecksum)
    let read = try read(bytes, LegacyMessageReader())
    #expect(read.map(\.record) == records(vector.format))
    #expect(read.map(\.offset) == [0, 1])
    #expect(read.allSatisfy { $0.timestampType == .createTime })
  }

  @Test(arguments: vectors)
  func compressedMessages(vector: Vector) throws {
    let bytes = hex(vector.compressed)
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    #expect(message.checksum == vector.compressedChecksum)
    #expect(message.codec == CompressionCodec.lz4)
    #expect(message.offset == 1)
    let time: Int64 = vector.format == .version0 ? -1 : 283_843
    #expect(message.timestamp.rawValue == time)
    // Behind the length of a key that is null, and that of the value.
    let stream = bytes.dropFirst(message.format.keyPosition + 8)
    var readers = [LegacyMessageReader(KnownStreams(known: [Array(stream): hex(vector.plain)]))]
    if CompressionCodec.lz4.isBuiltIn { readers.append(LegacyMessageReader()) }
    for reader in readers {
      let read = try read(bytes, reader)
      #expect(read.map(\.record) == records(vector.format))
      #expect(read.map(\.offset) == [0, 1])
    }
  }
}
