/// How far a log is on the device, and found again by recovery.
struct DurableMark: Hashable, Sendable {
  /// The first offset that may not be.
  var offset: Offset
  /// The segment that this is in, or that ends with it.
  var segmentBase: Offset
  /// Bytes of that segment that are.
  var position: Int
}

extension DurableMark: Comparable {
  /// Where a segment ends and the next one begins is the same offset; the one behind is further.
  static func < (left: DurableMark, right: DurableMark) -> Bool {
    (left.offset, left.segmentBase, left.position)
      < (right.offset, right.segmentBase, right.position)
  }
}
