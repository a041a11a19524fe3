import BenchHarness

/// Appends of one batch over and over: which, how many, and into what.
struct AppendPlan: Sendable {
  let shape: BatchShape
  /// Batches in a sample, full and brief.
  private(set) var batchCount: Int
  let segmentByteCount: Int
  /// What a second thread gets ready ahead; 0 where all is ready beforehand.
  let aheadByteCount: Int
  /// Whether a checksum is taken of each batch, or comes with it.
  let sums: Bool

  /// As many batches as fill so many bytes.
  ///
  /// - Parameter byteCount: At most one segment's, where all is ready beforehand.
  init(
    _ shape: BatchShape, byteCount: Int, segmentByteCount: Int, aheadByteCount: Int,
    sums: Bool = true
  ) {
    self.shape = shape
    self.segmentByteCount = segmentByteCount
    self.aheadByteCount = aheadByteCount
    self.sums = sums
    let inSegment = segmentByteCount / shape.byteCount
    batchCount = byteCount / segmentByteCount * inSegment
  }

  /// The same, but little of it: two segments at the most, and those small.
  var brief: AppendPlan {
    let small = min(segmentByteCount, 16 << 20)
    return AppendPlan(
      shape, byteCount: aheadByteCount == 0 ? small : 2 * small, segmentByteCount: small,
      aheadByteCount: min(aheadByteCount, small), sums: sums)
  }

  /// The same with so many batches.
  func with(batchCount: Int) -> AppendPlan {
    var plan = self
    plan.batchCount = batchCount
    return plan
  }

  func scaled(to surroundings: Surroundings) -> AppendPlan {
    surroundings.isBrief ? brief : self
  }

  /// As much memory as the page cache will need, for as long as this is kept.
  func warmMemory() -> WarmMemory {
    WarmMemory(byteCount: batchCount * shape.byteCount + aheadByteCount)
  }

  /// Batches in each segment but the last.
  var batchesInSegment: Int { segmentByteCount / shape.byteCount }
}
