/// What opening a log found that was not as a close leaves it.
public struct RecoveryReport: Hashable, Sendable {
  /// The end of the log, where the next record is appended.
  public var end: Offset
  /// Bytes that were cut off: batches that were not whole, or that lay behind such. No record of
  /// which it was said that it is durable was among them.
  public var cutByteCount = 0
  /// Segments that were removed because the one before them ended too early.
  public var removedSegmentCount = 0
  /// Where bytes were cut off, at the offset that would have been next.
  public var cutOffset: Offset?
  /// Parts that were there and are lost.
  public var damage: [DamagedRange] = []
  /// Bytes that were read to find that out.
  public var readByteCount = 0

  init(end: Offset) { self.end = end }

  /// The same without what was lost of records that are deleted.
  func leavingOut(damageBefore start: Offset) -> RecoveryReport {
    var report = self
    report.damage.removeAll { $0.offsets.upperBound <= start }
    return report
  }
}
