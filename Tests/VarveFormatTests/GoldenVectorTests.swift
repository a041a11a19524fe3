import Testing

@testable import VarveFormat

/// Bytes that an independent encoder wrote from the description of Kafka's format; the first one's
/// checksum is also a constant of Kafka's own tests.
@Suite struct GoldenVectorTests {
  static let twoRecords = hex(
    """
    000000000000000000000055ffffffff02e58cf1ff00000000000100000000000454c300000000000454c3
    ffffffffffffffffffffffffffff0000000220000000086b6579310c76616c756531002400e1bf2202086b6579320c
    76616c75653200
    """)

  static let commitMarker = hex(
    """
    00000000000003d7000000420000001d02050d7e510030000000000000018bcfe568000000018bcfe568000000
    000000000049000dffffffff000000012000000008000000010c00000000015b00
    """)

  static let emptied = hex(
    """
    00000000000000030000003100000125025160eb4a001000000001ffffffffffffffff000000000000000c
    000000000000001700050000000a00000000
    """)

  @Test func checksum() {
    #expect(crc(Array("123456789".utf8)[...]) == 0xe306_9283)
    #expect(crc(Self.twoRecords[21...]) == 3_851_219_455)
  }

  @Test func twoRecordsAreBuilt() throws {
    let batch = try RecordBatch.of([
      Record(key: "key1", value: "value1", timestamp: Timestamp(milliseconds: 283_843)),
      Record(key: "key2", value: "value2", timestamp: Timestamp(milliseconds: 1234)),
    ])
    #expect(hex(batch.array) == hex(Self.twoRecords))
  }

  @Test(arguments: [BatchOrigin.log, .producer])
  func twoRecordsAreRead(origin: BatchOrigin) throws {
    let batch = try RecordBatch(validating: Self.twoRecords, as: origin)
    #expect(batch.header.baseTimestamp == Timestamp(milliseconds: 283_843))
    #expect(batch.header.maxTimestamp == Timestamp(milliseconds: 283_843))
    #expect(batch.header.offsets == 0..<2)
    #expect(batch.header.producer == nil)
    let records = try batch.records().map(Record.init(copying:))
    #expect(
      records == [
        Record(key: "key1", value: "value1", timestamp: Timestamp(milliseconds: 283_843)),
        Record(key: "key2", value: "value2", timestamp: Timestamp(milliseconds: 1234)),
      ])
  }

  @Test func commitMarkerIsBuilt() throws {
    let batch = try RecordBatch(
      EndTransactionMarker(.committed, coordinatorEpoch: 347), by: Producer(id: 73, epoch: 13),
      at: Timestamp(milliseconds: 1_700_000_000_000), baseOffset: 983, leaderEpoch: 29)
    #expect(hex(batch.array) == hex(Self.commitMarker))
  }

  @Test func commitMarkerIsRead() throws {
    let batch = try RecordBatch(validating: Self.commitMarker, as: .log)
    #expect(batch.header.isControl && batch.header.isTransactional)
    #expect(batch.header.producer == Producer(id: 73, epoch: 13))
    #expect(batch.header.baseSequence == .none)
    #expect(batch.header.lastSequence == .none)
    var markers: [EndTransactionMarker?] = []
    for record in try batch.records() { markers.append(try EndTransactionMarker(record.view)) }
    #expect(markers == [EndTransactionMarker(.committed, coordinatorEpoch: 347)])
  }

  @Test func emptiedBatchIsBuiltFromAnother() throws {
    var options = BatchOptions(
      producer: Producer(id: 23, epoch: 5), baseSequence: 10, isTransactional: true)
    options.baseOffset = 3
    options.leaderEpoch = 293
    let full = try RecordBatch.of(
      [10, 12].map { Record(value: "x", timestamp: Timestamp(milliseconds: $0)) }, options)
    #expect(hex(RecordBatch(emptied: full.header).array) == hex(Self.emptied))
  }

  @Test func emptiedBatchIsRead() throws {
    let batch = try RecordBatch(validating: Self.emptied, as: .log)
    #expect(batch.header.offsets == 3..<5)
    #expect(batch.header.recordCount == 0)
    #expect(batch.header.lastSequence == 11)
    #expect(Array(try batch.records()).isEmpty)
    #expect(
      error { try RecordBatch(validating: Self.emptied, as: .producer) }?.breach?.rule
        == .producedBaseOffset)
  }

  /// A record alone: null key, null value, a header with a null value and one with an empty key.
  @Test func recordWithHeaders() throws {
    let bytes = hex("160000000101040268010000")
    let record = Record(
      value: nil, headers: [RecordHeader(key: "h", value: nil), RecordHeader(key: "", value: "")],
      timestamp: Timestamp.none)
    let batch = try RecordBatch.of([record])
    #expect(hex(Array(batch.view.encodedRecords)) == hex(bytes))
    let read = try RecordBatch(
      validating: Self.twoRecords.withRecords(bytes, count: 1), as: .log
    ).records().map(Record.init(copying:))
    #expect(read.map(\.headers) == [record.headers])
    #expect(read.first?.key == nil && read.first?.value == nil)
  }

  @Test func indexEntries() throws {
    let entry = OffsetIndexEntry(offset: 1039, position: 4127)
    let bytes = try entry.encoded(relativeTo: 1000)
    #expect(bytes.indices.map { bytes[$0] } == hex("00000027 0000101f"))
    let read = OffsetIndexView(bytes.span.bytes, baseOffset: 1000).last
    #expect(read == entry)

    let time = TimeIndexEntry(
      timestamp: Timestamp(milliseconds: 1_700_000_000_000), offset: 1039)
    let timeBytes = try time.encoded(relativeTo: 1000)
    #expect(timeBytes.indices.map { timeBytes[$0] } == hex("0000018bcfe56800 00000027"))
    let readTime = TimeIndexView(timeBytes.span.bytes, baseOffset: 1000).last
    #expect(readTime == time)
  }
}
