import Testing

@testable import VarveFormat

/// Text checkpoints, of both kinds.
@Suite struct CheckpointTests {
  private func epochs(_ text: String) throws -> [LeaderEpochStart] {
    try LeaderEpochCheckpoint(parsing: Array(text.utf8).span.bytes).entries
  }

  private func offsets(_ text: String) throws -> OffsetCheckpoint {
    try OffsetCheckpoint(parsing: Array(text.utf8).span.bytes)
  }

  private func reign(_ epoch: Int32, _ start: Int64) -> LeaderEpochStart {
    LeaderEpochStart(
      epoch: LeaderEpoch(rawValue: epoch), startOffset: Offset(rawValue: start))
  }

  private func place(_ topic: String, _ partition: Int32, _ offset: Int64) throws -> PartitionOffset
  {
    PartitionOffset(
      partition: try #require(TopicPartition(topic: topic, partition: partition)),
      offset: Offset(rawValue: offset))
  }

  // MARK: What is read

  @Test func leaderEpochs() throws {
    let text = "0\n2\n0 0\n1 1500\n"
    let entries = [reign(0, 0), reign(1, 1500)]
    #expect(try epochs(text) == entries)
    #expect(LeaderEpochCheckpoint(entries).encoded == Array(text.utf8))
  }

  @Test func partitionOffsets() throws {
    let text =
      "0\n3\norders 0 4600\n__consumer_offsets 49 0\na.b-c_1 2147483647 9223372036854775807\n"
    let checkpoint = try offsets(text)
    let entries = [
      try place("orders", 0, 4600), try place("__consumer_offsets", 49, 0),
      try place("a.b-c_1", .max, .max),
    ]
    #expect(checkpoint.entries == entries)
    #expect(checkpoint.encoded == Array(text.utf8))
    #expect(checkpoint.offsets[entries[0].partition] == 4600)
    #expect(checkpoint.offsets.count == 3)
  }

  @Test func ofTwoLinesOfAPartitionTheLastHolds() throws {
    let checkpoint = try offsets("0\n2\nt 0 5\nt 0 3\n")
    #expect(checkpoint.entries.count == 2)
    #expect(checkpoint.offsets == [try place("t", 0, 3).partition: 3])
  }

  @Test(arguments: ["", "0", "0\n", "0\n0", "0\n0\n", "+0\r\n-0\r\n"])
  func thereMayBeNothing(text: String) throws {
    #expect(try epochs(text).isEmpty)
    #expect(try offsets(text).entries.isEmpty)
    #expect(LeaderEpochCheckpoint().encoded == Array("0\n0\n".utf8))
  }

  /// Any white space parts fields, any line end ends lines, and the last one needs none.
  @Test(arguments: [
    "0\n2\n3  7\n4\t\u{b}\u{c}9", "0\r\n2\r\n3 7 \r\n4 9\t\r\n", "0\r2\r3 7\r4 9",
    "0\n2\n+3 007\n4 9\n",
  ])
  func linesMayBeWrittenOtherwise(text: String) throws {
    #expect(try epochs(text) == [reign(3, 7), reign(4, 9)])
  }

  // MARK: What is refused

  private static let faults: [(String, FormatRule, Int)] = [
    ("1\n0\n", .fileVersion, 0), ("-1\n0\n", .fileVersion, 0), ("2147483647", .fileVersion, 0),
    ("\n", .checkpointLine, 0), ("x\n0\n", .checkpointLine, 0), ("0 \n0\n", .checkpointLine, 0),
    ("2147483648\n0\n", .checkpointLine, 0), (" 0\n0\n", .checkpointLine, 0),
    ("0\n\n", .checkpointLine, 2), ("0\n1x\n1 2\n", .checkpointLine, 2),
    ("0\n1\n", .checkpointCount, 2), ("0\n2\n1 2\n", .checkpointCount, 2),
    ("0\n1\n1 2\n3 4\n", .checkpointCount, 8), ("0\n-1\n", .checkpointCount, 2),
    ("0\n-1\n1 2\n", .checkpointCount, 5), ("0\n0\n\n", .checkpointCount, 4),
    ("0\n1\n\n", .checkpointLine, 4), ("0\n1\n1\n", .checkpointLine, 4),
    ("0\n1\n1 2 3\n", .checkpointLine, 4), ("0\n1\n 1 2\n", .checkpointLine, 4),
    ("0\n2\n1 2\n-1 2\n", .checkpointLine, 8), ("0\n1\n1 -2\n", .checkpointLine, 4),
    ("0\n1\n2147483648 2\n", .checkpointLine, 4),
    ("0\n1\n1 9223372036854775808\n", .checkpointLine, 4),
    ("0\n1\n1 2\u{0}\n", .checkpointLine, 4), ("0\n1\n1 \u{0662}\n", .checkpointLine, 4),
  ]

  @Test(arguments: faults.indices)
  func whatIsWrongHasAPlace(number: Int) {
    let (text, rule, byte) = Self.faults[number]
    let refusal = error { try epochs(text) }
    #expect(refusal?.breach == FormatBreach(rule, atByte: byte), "\(text.debugDescription)")
    #expect(refusal?.code == (rule == .fileVersion ? .unsupported : .corrupt))
  }

  @Test(arguments: ["t 0", "t 0 1 2", "t -1 1", "t x 1", "t 0 x", ". 0 1", "t/u 0 1", "é 0 1"])
  func noPartition(line: String) {
    let refusal = error { try offsets("0\n1\n\(line)\n") }
    #expect(refusal?.breach == FormatBreach(.checkpointLine, atByte: 4))
  }

  @Test func bytesThatAreNoText() {
    let bytes = Array("0\n1\nt".utf8) + [0xff, 0xfe] + Array(" 0 1\n".utf8)
    let refusal = error { try OffsetCheckpoint(parsing: bytes.span.bytes) }
    #expect(refusal?.breach?.rule == .checkpointLine)
  }

  /// What is not written by anybody is not copied.
  @Test func linesAreNotEndless() throws {
    let limit = FormatLimits.maximumLineByteCount
    let long = "1" + String(repeating: " ", count: limit - 2) + "2"
    #expect(try epochs("0\n1\n" + long) == [reign(1, 2)])
    let refusal = error { try epochs("0\n1\n " + long) }
    #expect(refusal?.breach == FormatBreach(.lineLength, atByte: 4))
  }

  /// The count alone makes room for nothing.
  @Test func aGreatCountIsOnlyACount() {
    let refusal = error { try epochs("0\n2147483647\n1 2\n") }
    #expect(refusal?.breach == FormatBreach(.checkpointCount, atByte: 2))
  }

  @Test func manyLinesAreReadAsTheyWereWritten() throws {
    let checkpoint = OffsetCheckpoint(
      try (0..<5000).map { try place("topic-\($0 % 70)", Int32($0), Int64($0) * 1_000_003) })
    let read = try OffsetCheckpoint(parsing: checkpoint.encoded.span.bytes)
    #expect(read == checkpoint)
  }
}
