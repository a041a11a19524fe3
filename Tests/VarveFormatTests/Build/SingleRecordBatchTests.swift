import Testing

@testable import VarveFormat

/// The short way writes what the long way writes, byte for byte.
@Suite struct SingleRecordBatchTests {
  static let counts: [Int?] = [nil, 0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 100, 8191, 8192, 100_000]
  static let times = [-1, 0, 1, 1_700_000_000_000, Int64.max].map(Timestamp.init(rawValue:))

  @Test(arguments: counts)
  func bytesAreTheWriters(keyCount: Int?) throws {
    for valueCount in Self.counts {
      for timestamp in Self.times {
        let record = Record(
          key: Self.bytes(keyCount, 3), value: Self.bytes(valueCount, 5), timestamp: timestamp)
        let long = try RecordBatch.of(
          [record], Self.options(offset: 4711, epoch: 12))
        var memory = [UInt8](repeating: 0xaa, count: long.byteCount + 3)
        let count = try Self.write(record, 4711, 12, into: &memory)
        #expect(count == long.byteCount)
        #expect(Array(memory[..<count]) == long.array)
        #expect(memory[count...].allSatisfy { $0 == 0xaa }, "nothing is written behind it")
      }
    }
  }

  @Test func appendTimeIsMarked() throws {
    let record = Record(key: "k", value: "value", timestamp: Timestamp(milliseconds: 77))
    var options = BatchOptions()
    options.appendTime = Timestamp(milliseconds: 77)
    let long = try RecordBatch.of([record], options)
    let batch = try SingleRecordBatch(keyCount: 1, valueCount: 5)
    let bytes = withUnsafeTemporaryAllocation(byteCount: batch.byteCount, alignment: 1) { memory in
      _ = batch.store(
        key: record.key.span, value: record.value.span, timestamp: Timestamp(milliseconds: 77),
        isAppendTime: true, baseOffset: 0, leaderEpoch: .none, to: memory.baseAddress!)
      return Array(memory)
    }
    #expect(bytes == long.array)
  }

  @Test func roomIsLookedFor() throws {
    let record = Record(key: "key", value: "value", timestamp: Timestamp.none)
    let size = try RecordBatch.of([record]).byteCount
    for room in 0..<size {
      var memory = [UInt8](repeating: 0xaa, count: room)
      #expect(error { try Self.write(record, 0, .none, into: &memory) }?.code == .full)
      #expect(memory.allSatisfy { $0 == 0xaa })
    }
  }

  @Test func impossibleBatchesAreRefused() {
    for (keyCount, valueCount) in [
      (Int.max, 1), (nil, Int(Int32.max)), (Int(Int32.max), 100), (-1, 1),
    ] {
      let error = error { try SingleRecordBatch(keyCount: keyCount, valueCount: valueCount) }
      #expect(error?.code == .invalidArgument)
    }
    var memory = [UInt8](repeating: 0, count: 200)
    let early = Record(value: "v", timestamp: Timestamp(rawValue: -2))
    #expect(error { try Self.write(early, 0, 0, into: &memory) }?.code == .invalidArgument)
    let record = Record(value: "v", timestamp: Timestamp.none)
    for offset in [-1, Int64.max].map(Offset.init(rawValue:)) {
      #expect(error { try Self.write(record, offset, 0, into: &memory) }?.code == .invalidArgument)
    }
  }

  private static func options(offset: Offset, epoch: LeaderEpoch) -> BatchOptions {
    var options = BatchOptions()
    options.baseOffset = offset
    options.leaderEpoch = epoch
    return options
  }

  private static func bytes(_ count: Int?, _ seed: UInt8) -> [UInt8]? {
    count.map { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) &+ seed } }
  }

  private static func write(
    _ record: Record, _ offset: Offset, _ epoch: LeaderEpoch, into memory: inout [UInt8]
  ) throws(LogError) -> Int {
    var whole = memory.mutableSpan
    var span = whole.mutableBytes
    return try SingleRecordBatch.write(
      key: record.key.span, value: record.value.span, timestamp: record.timestamp ?? .none,
      baseOffset: offset, leaderEpoch: epoch, into: &span)
  }
}
