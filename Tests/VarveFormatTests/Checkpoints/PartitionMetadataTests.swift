import Testing

@testable import VarveFormat

/// Topic ids, and the file that has one.
@Suite struct PartitionMetadataTests {
  private static let text = "version: 0\ntopic_id: ijCBkzI0TXKR8kE2xptfZQ"

  private func read(_ text: String) throws -> PartitionMetadata {
    try PartitionMetadata(parsing: Array(text.utf8).span.bytes)
  }

  // MARK: Ids

  /// Bits, and what Kafka writes for them.
  @Test(arguments: [
    (UInt128(1), "AAAAAAAAAAAAAAAAAAAAAQ"), (0x4000_8000_0000_0000_0000, "AAAAAAAAQACAAAAAAAAAAA"),
    (0x8a30_8193_3234_4d72_91f2_4136_c69b_5f65, "ijCBkzI0TXKR8kE2xptfZQ"),
    (0, "AAAAAAAAAAAAAAAAAAAAAA"),
    (.max, "_____________________w"),
  ])
  func idsAreText(bits: UInt128, text: String) {
    #expect(UniqueID(rawValue: bits).description == text)
    #expect(UniqueID(parsing: text) == UniqueID(rawValue: bits))
  }

  @Test func everyBitHasItsDigit() {
    for bit in 0..<128 {
      let id = UniqueID(rawValue: 1 << UInt128(bit))
      #expect(UniqueID(parsing: id.description) == id)
    }
  }

  @Test(arguments: [
    "", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA==",
    "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAAH", "+AAAAAAAAAAAAAAAAAAAAA",
    "/AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAA AAAAAAAAAAA", "éAAAAAAAAAAAAAAAAAAAA",
    "=AAAAAAAAAAAAAAAAAAAAA",
  ])
  func noIDs(text: String) {
    #expect(UniqueID(parsing: text) == nil)
  }

  @Test func randomIDsAreOfVersion4() {
    var random = SplitMix(seed: 3)
    var seen: Set<UniqueID> = []
    for _ in 0..<1000 {
      let id = UniqueID.random(using: &random)
      #expect(id.rawValue >> 76 & 0xf == 4 && id.rawValue >> 62 & 0b11 == 0b10)
      #expect(!id.isReserved && !id.description.hasPrefix("-"))
      seen.insert(id)
    }
    #expect(seen.count == 1000)
    #expect(UniqueID.zero.isReserved && UniqueID.metadataTopic.isReserved)
  }

  /// A generator that would always begin with a dash.
  private struct Dashes: RandomNumberGenerator {
    func next() -> UInt64 { 62 << 58 }
  }

  @Test func noRandomIDBeginsWithADash() {
    var dashes = Dashes()
    #expect(UniqueID.random(using: &dashes).description.hasPrefix("e"))
  }

  // MARK: The file

  @Test func metadataIsReadAndWritten() throws {
    let metadata = try read(Self.text)
    #expect(metadata.topicID.description == "ijCBkzI0TXKR8kE2xptfZQ")
    #expect(metadata.encoded == Array(Self.text.utf8))
  }

  @Test(arguments: [
    text + "\n", text + "\r\n", "version:  7\ntopic_id:\tijCBkzI0TXKR8kE2xptfZQ\nmore: 1\n",
  ])
  func otherSpellingsAndLaterVersions(text: String) throws {
    #expect(try read(text) == (try read(Self.text)))
  }

  private static let faults: [(String, FormatRule, Int)] = [
    ("", .partitionMetadata, 0), ("version: 0", .partitionMetadata, 10),
    ("version: 0\n", .partitionMetadata, 11),
    ("version 0\ntopic_id: ijCBkzI0TXKR8kE2xptfZQ", .partitionMetadata, 0),
    ("version: -1\ntopic_id: ijCBkzI0TXKR8kE2xptfZQ", .partitionMetadata, 0),
    ("version: x\ntopic_id: ijCBkzI0TXKR8kE2xptfZQ", .partitionMetadata, 0),
    ("version: 0\ntopic: ijCBkzI0TXKR8kE2xptfZQ", .partitionMetadata, 0),
    ("version: 0\ntopic_id: ", .partitionMetadata, 0),
    ("version: 0\ntopic_id: ijCBkzI0TXKR8kE2xptfZ", .uniqueID, 11),
    ("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA", .uniqueID, 11),
  ]

  @Test(arguments: faults.indices)
  func whatIsWrongHasAPlace(number: Int) {
    let (text, rule, byte) = Self.faults[number]
    let refusal = error { try read(text) }
    #expect(refusal?.breach == FormatBreach(rule, atByte: byte))
    #expect(refusal?.code == .corrupt)
  }
}
