import BenchHarness

extension AppendPlan {
  private static let gibibyte = 1 << 30
  private static let mebibyte = 1 << 20

  /// Records of 1 KiB, one in a batch, through four large segments.
  static let stream = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: 4 * gibibyte,
    segmentByteCount: gibibyte, aheadByteCount: 256 * mebibyte)

  /// Records of 100 bytes, one in a batch, where every page is ready.
  static let prepared = AppendPlan(
    BatchShape(valueSize: 100, recordCount: 1), byteCount: 256 * mebibyte,
    segmentByteCount: 256 * mebibyte, aheadByteCount: 0)

  /// Batches of a hundred records of 100 bytes, as they come from a producer.
  static let batches = AppendPlan(
    BatchShape(valueSize: 100, recordCount: 100), byteCount: 256 * mebibyte,
    segmentByteCount: 256 * mebibyte, aheadByteCount: 0, sums: false)

  /// Records of 100 bytes, one in a batch, all different, and so few that the processor's caches hold
  /// them: it is not memory that is measured.
  static let numbered = AppendPlan(
    BatchShape(valueSize: 100, recordCount: 1), byteCount: 32 * mebibyte,
    segmentByteCount: 32 * mebibyte, aheadByteCount: 0, sums: false
  ).with(batchCount: 20_000)

  /// Records of 1 KiB through small segments, so that there are many rolls: in five runs enough for
  /// ten thousand appends around them. More in a run would have to wait for the disk.
  static let rolls = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: 33 * 64 * mebibyte,
    segmentByteCount: 64 * mebibyte, aheadByteCount: 128 * mebibyte)

  /// To be scanned.
  static let scanned1KiB = scanned(BatchShape(valueSize: 1 << 10, recordCount: 1))
  static let scanned100B = scanned(BatchShape(valueSize: 100, recordCount: 1))
  static let scanned100Bx100 = scanned(BatchShape(valueSize: 100, recordCount: 100))

  private static func scanned(_ shape: BatchShape) -> AppendPlan {
    AppendPlan(
      shape, byteCount: gibibyte, segmentByteCount: 64 * mebibyte,
      aheadByteCount: 128 * mebibyte, sums: false)
  }

  /// To be synced after each record, or after a few: small, and so without a roll.
  static let durable = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: gibibyte,
    segmentByteCount: 2 * gibibyte - mebibyte, aheadByteCount: 0)

  /// To be recovered: a segment that is full, and many that are small.
  static let recovered100B = recovered(BatchShape(valueSize: 100, recordCount: 1))
  static let recovered1KiB = recovered(BatchShape(valueSize: 1 << 10, recordCount: 1))
  static let recovered16KiB = recovered(BatchShape(valueSize: 1 << 10, recordCount: 16))

  private static func recovered(_ shape: BatchShape) -> AppendPlan {
    AppendPlan(shape, byteCount: gibibyte, segmentByteCount: gibibyte, aheadByteCount: 0)
  }

  static let segments1000 = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: 1000 * 64 << 10,
    segmentByteCount: 64 << 10, aheadByteCount: 0)

  /// To be looked up in: 4 GiB in few segments, and 1 GiB in many.
  static let segments64 = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: 4 * gibibyte,
    segmentByteCount: 64 * mebibyte, aheadByteCount: 128 * mebibyte)
  static let segments4096 = AppendPlan(
    BatchShape(valueSize: 1 << 10, recordCount: 1), byteCount: gibibyte,
    segmentByteCount: mebibyte / 4, aheadByteCount: 0)

  /// The operations around each roll, and those that are not.
  var rollKinds: LatencyRoutine.Kinds {
    let batchesInSegment = batchesInSegment
    let batchesOnEachSide = 32
    return LatencyRoutine.Kinds([Self.aroundRolls, Self.elsewhere]) { index in
      let place = index % batchesInSegment
      let isBefore = place >= batchesInSegment - batchesOnEachSide
      let isAfter = place < batchesOnEachSide && index >= batchesInSegment
      return isBefore || isAfter ? 0 : 1
    }
  }

  static let aroundRolls = "around rolls"
  static let elsewhere = "elsewhere"
}
