/// What a batch's records count their offsets and times from.
struct RecordBase {
  private let offset: Offset
  private let timestamp: Timestamp
  /// Where the log's clock set the time: that time, which all records share. Their own distances
  /// then mean nothing.
  private let appendTime: Timestamp?

  @inline(__always)
  init(of batch: borrowing BatchView) {
    offset = batch.baseOffset
    timestamp = batch.baseTimestamp
    appendTime = batch.attributes.timestampType == .appendTime ? batch.maxTimestamp : nil
  }

  // Both sums wrap: a distance is whatever the bytes say, and the host lives.

  @inline(__always)
  func offset(of layout: RecordLayout) -> Offset {
    Offset(rawValue: offset.rawValue &+ Int64(layout.offsetDelta))
  }

  @inline(__always)
  func timestamp(of layout: RecordLayout) -> Timestamp {
    appendTime ?? Timestamp(rawValue: timestamp.rawValue &+ layout.timestampDelta)
  }
}
