import Testing

@testable import VarveFormat

@Suite struct BatchStampTests {
  private func address(of batch: RecordBatch) -> UnsafeRawPointer? {
    batch.bytes.withUnsafeBytes(\.baseAddress)
  }

  // MARK: Offset and epoch

  @Test func placeLiesOutsideTheChecksum() throws {
    let place = Offset(rawValue: 1 << 40)
    let original = try RecordBatch.small()
    var batch = original
    try batch.stamp(BatchStamp(baseOffset: place, leaderEpoch: 7))
    #expect(batch.header.checksum == original.header.checksum)
    #expect(batch.array[21...] == original.array[21...])
    let read = try RecordBatch(validating: batch.array, as: .log)
    #expect(read == batch)
    #expect(read.header.leaderEpoch == 7)
    #expect(try read.records().map(\.offset) == [place, place.advanced(by: 1)])
  }

  @Test func anEmptyStampChangesNothing() throws {
    let original = try RecordBatch.small()
    var batch = original
    try batch.stamp(BatchStamp())
    #expect(batch == original)
  }

  // MARK: Times

  /// How many bytes follow the patch decides how the checksum is patched.
  @Test(arguments: [0, 1, 10, 100, 1000, 100_000])
  func patchingTheTimeIsAsGoodAsBuildingWithIt(valueCount: Int) throws {
    let records = [
      Record(
        value: [UInt8](repeating: 0x5a, count: valueCount),
        timestamp: Timestamp(milliseconds: 1000))
    ]
    let now = Timestamp(milliseconds: 1_700_000_000_000)
    var options = BatchOptions()
    options.appendTime = now
    let original = try RecordBatch.of(records)

    var batch = original
    try batch.stamp(BatchStamp(time: .append(now)))
    #expect(try batch == RecordBatch.of(records, options))
    #expect(try RecordBatch(validating: batch.array, as: .log) == batch)
    #expect(try batch.records().map(\.timestamp) == [now])

    try batch.stamp(BatchStamp(time: .create(maximum: original.header.maxTimestamp)))
    #expect(batch == original)
  }

  @Test func everythingAtOnce() throws {
    var batch = try RecordBatch.small()
    let now = Timestamp(milliseconds: 5)
    try batch.stamp(BatchStamp(baseOffset: 90, leaderEpoch: 3, time: .append(now)))
    let read = try RecordBatch(validating: batch.array, as: .log)
    #expect(read.header.offsets == 90..<92)
    #expect(read.header.leaderEpoch == 3)
    #expect(try read.records().map(\.timestamp) == [now, now])
  }

  /// A time that is there already changes no byte; the offset beside it still does.
  @Test func theSameTimeAgainChangesNothing() throws {
    var batch = try RecordBatch.small()
    let maximum = batch.header.maxTimestamp
    let checksum = batch.header.checksum
    try batch.stamp(BatchStamp(baseOffset: 4, time: .create(maximum: maximum)))
    #expect(batch.header.checksum == checksum)
    #expect(try RecordBatch(validating: batch.array, as: .log) == batch)
  }

  // MARK: Borrowed memory

  private func stamp(
    _ memory: inout [UInt8], _ stamp: BatchStamp, header: BatchHeader
  ) throws {
    var whole = memory.mutableSpan
    var bytes = whole.mutableBytes
    try stamp.stamp(&bytes, header: header)
  }

  @Test func batchesAreStampedWhereTheyLie() throws {
    let stamp = BatchStamp(
      baseOffset: 90, leaderEpoch: 3, time: .append(Timestamp(milliseconds: 5)))
    var batch = try RecordBatch.small()
    var memory = batch.array
    try self.stamp(&memory, stamp, header: batch.header)
    try batch.stamp(stamp)
    #expect(memory == batch.array)
  }

  @Test func theHeaderOfAnotherBatchIsRefused() throws {
    let header = try RecordBatch.small().header
    let original = try RecordBatch.of([Record(value: "of another size")]).array
    for bytes in [original, Array(original[..<60]), []] {
      var memory = bytes
      let refusal = error { try stamp(&memory, BatchStamp(baseOffset: 4), header: header) }
      #expect(refusal?.code == .invalidArgument)
      #expect(memory == bytes)
    }
  }

  // MARK: Copies

  @Test func copiesAreLeftAlone() throws {
    var batch = try RecordBatch.small()
    let copy = batch
    let before = copy.array
    #expect(address(of: copy) == address(of: batch))
    try batch.stamp(BatchStamp(baseOffset: 4))
    #expect(copy.array == before)
    #expect(copy.header.baseOffset == 0)
    #expect(address(of: copy) != address(of: batch))
  }

  @Test func recordsThatWereTakenOutAreLeftAlone() throws {
    var batch = try RecordBatch.small()
    let slices = Array(try batch.records())
    try batch.stamp(BatchStamp(baseOffset: 4, time: .append(Timestamp(milliseconds: 5))))
    #expect(slices.map(\.offset) == [0, 1])
    #expect(slices.map(\.timestamp.rawValue) == [1000, 1001])
  }

  @Test func aSoleOwnersBytesStayWhereTheyAre() throws {
    var batch = try RecordBatch.small()
    let before = address(of: batch)
    try batch.stamp(BatchStamp(baseOffset: 4, time: .append(Timestamp(milliseconds: 5))))
    #expect(address(of: batch) == before)
  }

  // MARK: Refusals

  static let impossible = [
    BatchStamp(baseOffset: -1),
    BatchStamp(baseOffset: Offset(rawValue: .min)),
    BatchStamp(baseOffset: Offset(rawValue: .max - 1)),
    BatchStamp(baseOffset: Offset(rawValue: .max)),
    BatchStamp(baseOffset: 4, time: .append(Timestamp(rawValue: -2))),
    BatchStamp(leaderEpoch: 4, time: .append(Timestamp(rawValue: .min))),
    BatchStamp(baseOffset: 4, time: .create(maximum: Timestamp(rawValue: -2))),
    BatchStamp(leaderEpoch: 4, time: .create(maximum: Timestamp(rawValue: .min))),
  ]

  /// The batch has two records, so that the last offset of all is one too far for it.
  @Test(arguments: impossible)
  func impossibleStampsChangeNothing(_ impossible: BatchStamp) throws {
    let original = try RecordBatch.small()
    var batch = original
    #expect(error { try batch.stamp(impossible) }?.code == .invalidArgument)
    #expect(batch == original)
    var memory = original.array
    let refusal = error { try stamp(&memory, impossible, header: original.header) }
    #expect(refusal?.code == .invalidArgument)
    #expect(memory == original.array)
  }

  @Test func theLastPlaceOfAllCanBeStamped() throws {
    var batch = try RecordBatch.small()
    try batch.stamp(BatchStamp(baseOffset: Offset(rawValue: .max - 2)))
    let read = try RecordBatch(validating: batch.array, as: .log)
    #expect(read.header.nextOffset == Offset(rawValue: .max))
  }
}
