extension BatchView {
  /// Walks uncompressed records and checks each one, without touching keys and values.
  func checkRecords(as origin: BatchOrigin) throws(LogError) {
    let records = encodedRecords
    var position = 0
    var index = 0
    var previousDelta: Int32 = -1
    let count = Int(header.recordCount)
    do throws(RecordFault) {
      while index < count {
        let layout = try nextRecord(of: records, at: position, after: previousDelta)
        if origin == .producer { try checkProduced(layout, index: index, at: position) }
        previousDelta = layout.offsetDelta
        position = layout.end
        index += 1
      }
      guard position == records.byteCount else { throw RecordFault(.batchIsFilled, position) }
    } catch {
      throw .breach(
        error.rule, atByte: error.byte + BatchHeader.Field.records,
        inRecord: index < count ? index : nil)
    }
  }

  /// One record that is well formed and whose offset lies behind the one before it.
  @inline(__always)
  private func nextRecord(
    of records: RawSpan, at position: Int, after previousDelta: Int32
  ) throws(RecordFault) -> RecordLayout {
    guard position < records.byteCount else { throw RecordFault(.recordIsComplete, position) }
    let layout = try RecordLayout(of: records, at: position)
    try layout.checkHeaders(of: records)
    guard layout.offsetDelta > previousDelta, layout.offsetDelta <= header.lastOffsetDelta
    else {
      throw RecordFault(.offsetDelta, position)
    }
    return layout
  }

  /// What a producer's record keeps besides.
  @inline(__always)
  private func checkProduced(
    _ layout: RecordLayout, index: Int, at position: Int
  ) throws(RecordFault) {
    guard Int(layout.offsetDelta) == index else {
      throw RecordFault(.producedOffsetDelta, position)
    }
    let (timestamp, overflow) = header.baseTimestamp.rawValue
      .addingReportingOverflow(layout.timestampDelta)
    guard !overflow, timestamp >= -1 else { throw RecordFault(.producedTimestamp, position) }
  }
}
