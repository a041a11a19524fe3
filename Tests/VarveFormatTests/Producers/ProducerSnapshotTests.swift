import Testing

@testable import VarveFormat

/// Snapshots of producers.
@Suite struct ProducerSnapshotTests {
  static let open = ProducerSnapshotEntry(
    producer: Producer(id: 1, epoch: 2),
    lastBatch: ProducerBatch(lastSequence: 1, lastOffset: 2, lastOffsetDelta: 3),
    timestamp: .none, coordinatorEpoch: 3, transactionStart: 100)

  static let ended = ProducerSnapshotEntry(
    producer: Producer(id: 11, epoch: 12), timestamp: Timestamp(milliseconds: 123_456),
    coordinatorEpoch: 13)

  static let busy = ProducerSnapshotEntry(
    producer: Producer(id: 5, epoch: 0),
    lastBatch: ProducerBatch(lastSequence: 1, lastOffset: 40, lastOffsetDelta: 3),
    timestamp: Timestamp(milliseconds: 9))

  @Test(arguments: [
    ("000148674bc700000000", []),
    (
      """
      00015b83e057000000010000000000000001000200000001000000000000000200000003ffffffff
      ffffffff000000030000000000000064
      """, [open]
    ),
    (
      """
      00013c53376a00000001000000000000000b000cffffffffffffffffffffffff0000000000000000
      0001e2400000000dffffffffffffffff
      """, [ended]
    ),
  ])
  func goldenVectors(text: String, entries: [ProducerSnapshotEntry]) throws {
    let bytes = hex(text)
    #expect(hex(ProducerSnapshot(entries).encoded) == hex(bytes))
    let read = try ProducerSnapshot(parsing: bytes.span.bytes)
    #expect(read == ProducerSnapshot(entries))
  }

  @Test func manyAreReadAsTheyWereWritten() throws {
    var random = SplitMix(seed: 7)
    let entries = (0..<1000).map { id in
      var entry = random.chance(2) ? Self.busy : Self.ended
      entry.producer.id = Int64(id)
      if random.chance(3) { entry.transactionStart = Offset(rawValue: random.chance(2) ? 0 : .max) }
      return entry
    }
    let bytes = ProducerSnapshot(entries).encoded
    #expect(bytes.count == 10 + 46 * entries.count)
    let view = try ProducerSnapshotView(validating: bytes.span.bytes)
    #expect(view.count == entries.count)
    let read = try ProducerSnapshot(parsing: bytes.span.bytes)
    #expect(read.entries == entries)
  }

  // MARK: A batch's beginning

  @Test func theFirstNumbersFollowFromTheLast() {
    let batch = ProducerBatch(lastSequence: 1, lastOffset: 40, lastOffsetDelta: 3)
    #expect(batch.firstOffset == 37)
    // The numbers began anew within it.
    #expect(batch.firstSequence == SequenceNumber(rawValue: .max - 1))
  }

  @Test(arguments: [Int32.min, -1, .max])
  func noDeltaIsTooMuch(delta: Int32) {
    let batch = ProducerBatch(lastSequence: 1, lastOffset: 0, lastOffsetDelta: delta)
    #expect(batch.firstOffset.rawValue == -Int64(delta))
    #expect(batch.firstSequence.rawValue >= 0)
  }

  // MARK: Hostile bytes

  private let good = ProducerSnapshot([busy, ended]).encoded

  /// The same with its checksum made right.
  private func sealed(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes[..<2]) + bigEndian(crc(bytes[6...])) + Array(bytes[6...])
  }

  private func breach(_ bytes: [UInt8]) -> FormatBreach? {
    error { try ProducerSnapshot(parsing: bytes.span.bytes) }?.breach
  }

  @Test(arguments: 0..<10)
  func aHeaderIsWhole(count: Int) {
    #expect(
      breach(Array(good.prefix(count))) == FormatBreach(.snapshotIsComplete, atByte: count))
  }

  @Test(arguments: [Int16.min, -1, 0, 2, .max])
  func versions(version: Int16) {
    let bytes = bigEndian(version) + good.dropFirst(2)
    let refusal = error { try ProducerSnapshot(parsing: bytes.span.bytes) }
    #expect(refusal?.breach == FormatBreach(.fileVersion, atByte: 0))
    #expect(refusal?.code == .unsupported)
  }

  /// Any bit behind the version, and any piece that is missing.
  @Test func damageIsSeen() {
    for bit in 16..<good.count * 8 {
      var bytes = good
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(breach(bytes) == FormatBreach(.snapshotChecksum, atByte: 2))
    }
    for count in 10..<good.count {
      #expect(breach(Array(good.prefix(count)))?.rule == .snapshotChecksum)
    }
  }

  /// The checksum is right, and the count is not.
  @Test(arguments: [Int32.min, -1, 3, .max])
  func countsOfWhatIsNotThere(count: Int32) {
    let bytes = sealed(Array(good[..<6]) + bigEndian(count) + Array(good[10...]))
    #expect(breach(bytes) == FormatBreach(.snapshotIsComplete, atByte: 6))
  }

  @Test(arguments: [1, 45, 46, 47])
  func nothingFollowsTheLastEntry(count: Int) {
    let bytes = sealed(good + [UInt8](repeating: 0, count: count))
    #expect(breach(bytes) == FormatBreach(.snapshotIsFilled, atByte: good.count))
  }

  /// Below 0 there is no batch, no coordinator and no transaction, whatever the other numbers are.
  @Test func whatIsBelowNothingIsNothing() throws {
    var bytes = ProducerSnapshot([Self.busy]).encoded
    bytes.replaceSubrange(10 + 14..<10 + 22, with: bigEndian(Int64(-7)))
    bytes.replaceSubrange(10 + 34..<10 + 38, with: bigEndian(Int32(-7)))
    bytes.replaceSubrange(10 + 38..<10 + 46, with: bigEndian(Int64(-7)))
    let read = try ProducerSnapshot(parsing: sealed(bytes).span.bytes)
    var expected = Self.busy
    expected.lastBatch = nil
    #expect(read.entries == [expected])
  }
}
