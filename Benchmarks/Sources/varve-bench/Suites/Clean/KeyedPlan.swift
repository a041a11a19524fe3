import BenchHarness
import Varve

/// What a log to be compacted holds: as many records for each key as leave the wanted part of them.
struct KeyedPlan: Sendable {
  /// Of key and value together.
  let recordByteCount: Int
  let batchRecordCount: Int
  let livePercent: Int
  let compression: Compression
  var batchCount: Int

  init(
    recordByteCount: Int, batchRecordCount: Int, livePercent: Int,
    compression: Compression = .none, byteCount: Int = 256 << 20
  ) {
    self.recordByteCount = recordByteCount
    self.batchRecordCount = batchRecordCount
    self.livePercent = livePercent
    self.compression = compression
    batchCount = byteCount / (recordByteCount * batchRecordCount)
  }

  var recordCount: Int { batchCount * batchRecordCount }

  func scaled(to surroundings: Surroundings) -> KeyedPlan {
    var plan = self
    plan.batchCount = surroundings.scale(batchCount, brief: 40)
    return plan
  }

  var configuration: LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 64 << 20
    configuration.syncPolicy = .never
    configuration.requiresKeys = true
    configuration.cleaner = .compact(minimumDirtyRatio: 0)
    // When it is told to, and not by itself.
    configuration.cleaningInterval = .seconds(86_400)
    return configuration
  }

  /// Appends all of it. Keys come in an order of their own in each round, so that what stays is spread
  /// over the log as it is where keys are drawn.
  func append(to log: Log) throws {
    let keyCount = max(1, recordCount * livePercent / 100)
    var compressor = try Compressor(compression)
    var number = 0
    var random: UInt64 = 7
    for _ in 0..<batchCount {
      var builder = try RecordBatchBuilder(capacity: (recordByteCount + 24) * batchRecordCount)
      for _ in 0..<batchRecordCount {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Each key once, and then whichever.
        let key = number < keyCount ? number : Int(random >> 33) % keyCount
        try builder.append(record(key, random))
        number += 1
      }
      guard let batch = try builder.finish(compressedBy: &compressor) else { continue }
      try log.append(batch)
    }
  }

  /// A batch of so many records, each of a key of its own.
  func batch(of count: Int) throws -> RecordBatch {
    var builder = try RecordBatchBuilder()
    for number in 0..<count { try builder.append(record(number, 7)) }
    return builder.finish()!
  }

  private static let keyByteCount = 16

  /// Half of the value can be compressed.
  private func record(_ key: Int, _ random: UInt64) -> Record {
    let digits = String(key)
    let name = String(repeating: "k", count: Self.keyByteCount - digits.utf8.count) + digits
    let count = recordByteCount - Self.keyByteCount
    var state = random
    let value = (0..<count).map { index -> UInt8 in
      guard index < count / 2 else { return 7 }
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    return Record(key: Array(name.utf8), value: value, timestamp: BatchShape.time(0))
  }
}
