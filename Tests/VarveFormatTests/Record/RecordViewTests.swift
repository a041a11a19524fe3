import Testing

@testable import VarveFormat

@Suite struct RecordViewTests {
  private static let headers = [
    RecordHeader(key: "trace", value: "first"),
    RecordHeader(key: "gone", value: "there"),
    RecordHeader(key: "", value: "of no name"),
    RecordHeader(key: "trace", value: "last"),
    RecordHeader(key: "größe", value: [0, 0xff]),
    RecordHeader(key: "gone", value: nil),
  ]

  private static let record = Record(
    key: "key", value: "value", headers: headers, timestamp: Timestamp(milliseconds: 1000))

  private func slice(of record: Record) throws -> RecordSlice {
    try #require(Array(try RecordBatch.of([record]).records()).first)
  }

  // MARK: Headers

  @Test func headersComeInTheirOrder() throws {
    let slice = try slice(of: Self.record)
    let (count, isEmpty) = (slice.headers.count, slice.headers.isEmpty)
    #expect(count == 6 && !isEmpty)

    var iterated: [RecordHeader] = []
    var iterator = slice.headers.makeIterator()
    while let header = iterator.next() { iterated.append(RecordHeader(copying: header)) }
    #expect(iterated == Self.headers)
    let isOver = iterator.next() == nil
    #expect(isOver)

    var visited: [RecordHeader] = []
    slice.headers.forEach { visited.append(RecordHeader(copying: $0)) }
    #expect(visited == Self.headers)
  }

  @Test func withoutHeadersThereIsNothingToVisit() throws {
    let slice = try slice(of: Record(value: "a"))
    let (count, isEmpty) = (slice.headers.count, slice.headers.isEmpty)
    #expect(count == 0 && isEmpty)
    var visited = 0
    slice.headers.forEach { _ in visited += 1 }
    #expect(visited == 0)
    let missing = slice.headers.lastValue(of: "") == nil
    #expect(missing)
  }

  /// The last header wins even where it is null; keys are compared byte by byte, not as Unicode
  /// would.
  @Test(
    arguments: [
      ("trace", Array("last".utf8)), ("", Array("of no name".utf8)), ("größe", [0, 0xff]),
      ("gone", nil), ("missing", nil), ("Trace", nil), ("trac", nil), ("traces", nil),
      ("gro\u{308}ße", nil),
    ] as [(String, [UInt8]?)])
  func theLastHeaderOfAKeyCounts(key: String, value: [UInt8]?) throws {
    let slice = try slice(of: Self.record)
    let found = Array(copying: slice.headers.lastValue(of: key))
    #expect(found == value)
  }

  @Test func aHeaderKnowsItsKey() throws {
    let slice = try slice(
      of: Record(value: "a", headers: [RecordHeader(key: "größe", value: nil)]))
    var recognized: [String] = []
    slice.headers.forEach { header in
      for key in ["größe", "", "größ", "größen", "grösse", "gro\u{308}ße", "Größe"]
      where header.hasKey(key) { recognized.append(key) }
    }
    #expect(recognized == ["größe"])
  }

  // MARK: Records

  @Test func aRecordWithoutAValueIsATombstone() throws {
    for (value, isTombstone) in [(nil, true), ([], false), ([1], false)] as [([UInt8]?, Bool)] {
      let slice = try slice(of: Record(key: "key", value: value))
      let ofView = slice.view.isTombstone
      #expect(slice.isTombstone == isTombstone)
      #expect(ofView == isTombstone)
    }
  }

  @Test func nullAndEmptyAreNotTheSame() throws {
    let slice = try slice(of: Record(key: [], value: nil))
    let (key, value) = (Array(copying: slice.key), Array(copying: slice.value))
    #expect(key == [])
    #expect(value == nil)
  }

  /// Attributes, time, offset, key (1 + 3), value (1 + 5) and the count of headers.
  @Test func theLengthFieldIsNotCounted() throws {
    let batch = try RecordBatch.of([Record(key: "key", value: "value")])
    let slice = try #require(Array(try batch.records()).first)
    let byteCount = slice.view.byteCount
    #expect(byteCount == 14)
    #expect(batch.byteCount == 61 + 1 + byteCount)
  }

  @Test func copiesAreEqual() throws {
    for record in [Self.record, Record(key: [], value: nil, timestamp: Timestamp.none)] {
      let slice = try slice(of: record)
      let copy = Record(copying: slice.view)
      #expect(copy == record)
      #expect(Record(copying: slice) == record)
    }
  }

  // MARK: Bytes

  @Test func textIsReadAsUTF8() throws {
    #expect(text(of: Array("größe 😀".utf8)) == "größe 😀")
    #expect(text(of: []) == "")
    #expect(text(of: [0x61, 0xff, 0x62]) == "a\u{fffd}b")
  }

  private func text(of bytes: [UInt8]) -> String { String(decoding: bytes.span.bytes) }

  @Test func spansAreCopied() {
    let bytes: [UInt8] = [1, 2, 3]
    let copy = Array(bytes.span.bytes)
    #expect(copy == bytes)
    let none: [UInt8]? = Array(copying: nil)
    #expect(none == nil)
    let some = Array(copying: bytes.span.bytes)
    #expect(some == bytes)
  }

  @Test func spansAreEqualByTheirBytes() {
    #expect(areEqual([], []))
    #expect(areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!areEqual([1, 2, 3], [1, 2]))
    #expect(!areEqual([1, 2], [1, 2, 3]))
    #expect(!areEqual([0, 2, 3], [1, 2, 3]))
    #expect(!areEqual([1, 2, 4], [1, 2, 3]))
    #expect(!areEqual([], [0]))
  }

  private func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.span.bytes.elementsEqual(right.span.bytes)
  }

  // MARK: Ownership

  /// Each record keeps all of its batch alive, and the last one to go takes it along.
  @Test func aRecordOutlivesItsBatch() throws {
    weak var storage: ByteStorage?
    func takeLast() throws -> RecordSlice? {
      let batch = try RecordBatch.of([Record(value: "first"), Self.record])
      storage = batch.owner
      return Array(try batch.records()).last
    }
    func readLast() throws {
      let slice = try #require(try takeLast())
      #expect(storage != nil)
      #expect(Record(copying: slice) == Self.record)
      #expect(slice.offset == 1)
    }
    try readLast()
    #expect(storage == nil)
  }
}
