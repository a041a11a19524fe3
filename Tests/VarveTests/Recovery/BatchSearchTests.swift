import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What is found behind the place where the batches of a segment end.
@Suite struct BatchSearchTests {
  private let disk = SimulatedFileSystem()

  /// The batch of one record at an offset.
  private func batch(_ offset: Int64, _ value: [UInt8] = [1, 2, 3]) throws -> [UInt8] {
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: offset)
    return try RecordBatch.of([Record(value: value)], options).array
  }

  private func batches(_ offsets: Range<Int64>) throws -> [UInt8] {
    try offsets.flatMap { try batch($0) }
  }

  /// Looks at a file of these bytes, where offset 10 is next.
  private func look(
    _ bytes: [UInt8], from position: Int = 0, upTo end: Offset = 1000
  ) throws -> BatchSearch.Finding {
    let file = try OpenFile("/segment", .writingOrCreating, in: disk)
    try file.truncate(to: 0)
    try file.write(bytes.span.bytes, at: 0)
    return try BatchSearch(
      knowsHoles: false, file: file, baseOffset: 0, byteCount: bytes.count, offsets: 10..<end
    ).look(from: position)
  }

  private func expect(
    _ finding: BatchSearch.Finding, rest: Bool, _ batch: SegmentEnd?, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      finding.hasRest == rest && finding.batch == batch, "\(what)", sourceLocation: sourceLocation)
  }

  private let zeros = [UInt8](repeating: 0, count: 5000)

  @Test func nothingButZeros() throws {
    for count in [0, 1, 60, 61, 4096, LogLimits.readByteCount + 1] {
      let zeros = [UInt8](repeating: 0, count: count)
      expect(try look(zeros), rest: false, nil, "\(count) zeros")
      expect(try look(zeros + [1]), rest: true, nil, "something behind \(count) zeros")
      let before = try batches(5..<10)
      expect(try look(before + zeros, from: before.count), rest: false, nil, "behind batches")
    }
  }

  /// Records may hold batches, and somebody may have seen to it that these look like the next ones.
  @Test func aTornBatchWhoseRecordsHoldBatches() throws {
    let hidden = try batches(11..<20)
    let torn = try batch(10, hidden + [UInt8](repeating: 7, count: 100))
    // Before, there is not even an offset.
    for count in stride(from: 8, to: torn.count, by: 13) {
      for space in [[], zeros, [UInt8](repeating: 0, count: torn.count - count)] {
        expect(try look(torn[..<count] + space), rest: true, nil, "torn at \(count)")
      }
    }
    // A page of it is missing, and later ones are there.
    for hole in [80..<90, 61..<300, 200..<torn.count - 3] {
      var bytes = torn
      for position in hole { bytes[position] = 0 }
      expect(try look(bytes), rest: true, nil, "a hole at \(hole)")
      expect(try look(bytes + zeros), rest: true, nil, "a hole at \(hole)")
    }
  }

  /// One bit of a batch: the next one is where the segment goes on, also if it is the last.
  @Test(arguments: [11..<12, 11..<13, 11..<20] as [Range<Int64>])
  func aDamagedBatchWithFollowers(_ followers: Range<Int64>) throws {
    let (right, rest) = (try batch(10, [UInt8](repeating: 7, count: 90)), try batches(followers))
    let next = SegmentEnd(offset: 11, position: right.count)
    for bit in 0..<right.count * 8 {
      var bytes = right
      bytes[bit / 8] ^= 1 << (bit % 8)
      for space in [[], zeros] {
        expect(try look(bytes + rest + space), rest: true, next, "bit \(bit)")
      }
    }
  }

  /// All batches have 128 bytes: a bit of a size more, and it seems to reach up to another one.
  @Test func sizesThatLeadToAnotherBatch() throws {
    let value = try #require(
      (0..<128).map { [UInt8](repeating: 7, count: $0) }.first { try batch(0, $0).count == 128 })
    let all = try (10..<60).flatMap { try batch($0, value) }
    #expect(all.count == 50 * 128)
    for bit in 7...12 {
      var bytes = all
      bytes[11 - bit / 8] ^= 1 << (bit % 8)
      expect(try look(bytes), rest: true, SegmentEnd(offset: 11, position: 128), "bit \(bit)")
    }
  }

  /// The same, where its records hold batches that look like the next ones.
  @Test func aDamagedBatchWhoseRecordsHoldBatches() throws {
    let (right, rest) = (try batch(10, try batches(12..<20)), try batches(11..<14))
    // All but the fields by which it is known as the next batch.
    for byte in Array(8..<16) + Array(17..<21) + Array(21..<right.count) {
      var bytes = right
      bytes[byte] ^= 4
      expect(
        try look(bytes + rest), rest: true, SegmentEnd(offset: 11, position: right.count),
        "byte \(byte)")
    }
  }

  /// Two batches side by side that are damaged.
  @Test func twoDamagedBatches() throws {
    let (one, other) = (try batch(10), try batch(11))
    let rest = try batches(12..<17)
    let next = SegmentEnd(offset: 12, position: one.count + other.count)
    // But for a size that leads beyond the end: that is what a torn batch looks like.
    for byte in 0..<one.count where !(8...10).contains(byte) {
      var bytes = one + other
      bytes[byte] ^= 1
      bytes[one.count + 70] ^= 1
      expect(try look(bytes + rest), rest: true, next, "byte \(byte)")
    }
  }

  /// Where nothing says how far what is lost reaches, batches have to speak for each other: three in
  /// a row, or all up to the end.
  @Test func whatIsConvincing() throws {
    let lost = [UInt8](repeating: 0xa5, count: 300)
    let next = SegmentEnd(offset: 12, position: lost.count)
    for count: Int64 in 0...4 {
      let found = try batches(12..<12 + count)
      expect(
        try look(lost + found + lost), rest: true, count >= 3 ? next : nil, "\(count) amid others")
      for space in [[], zeros] {
        expect(
          try look(lost + found + space), rest: true, count >= 1 ? next : nil, "\(count) at the end"
        )
      }
    }
    // Not in order.
    let mixed = try batch(12) + batch(14) + batch(13) + lost
    expect(try look(lost + mixed), rest: true, nil, "offsets that go back")
  }

  @Test func offsetsThatCannotBe() throws {
    let lost = [UInt8](repeating: 0xa5, count: 300)
    for offset: Int64 in [0, 7, 20, 21, 1 << 40] {
      expect(
        try look(lost + batches(offset..<offset + 3), upTo: 20), rest: true, nil, "\(offset)")
    }
    let last = try batches(17..<20)
    expect(
      try look(lost + last, upTo: 20), rest: true, SegmentEnd(offset: 17, position: 300),
      "the last ones")
    // One that reaches into the next segment.
    var options = BatchOptions()
    options.baseOffset = 18
    let records = [Record](repeating: Record(value: "x"), count: 3)
    let wide = try RecordBatch.of(records, options).array
    expect(try look(lost + wide, upTo: 20), rest: true, nil, "18...20")
    expect(
      try look(lost + wide, upTo: 21), rest: true, SegmentEnd(offset: 18, position: 300),
      "18...20")
  }

  /// A header that lies across the end of what is read at a time.
  @Test func acrossTheEndOfABuffer() throws {
    let rest = try batches(12..<15)
    for distance in -62...3 {
      let count = LogLimits.readByteCount + distance
      let lost = [UInt8](repeating: 0xa5, count: count)
      expect(
        try look(lost + rest), rest: true, SegmentEnd(offset: 12, position: count), "\(count)")
      // The same behind a batch that is too long by one bit of its size.
      var long = try batch(10, [UInt8](repeating: 7, count: count))
      let next = long.count
      long[8] ^= 1
      expect(
        try look(long + rest), rest: true, SegmentEnd(offset: 12, position: next), "\(count)")
    }
  }
}
