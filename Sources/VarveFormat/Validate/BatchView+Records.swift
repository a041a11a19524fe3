extension BatchHeader {
  /// Walks the batch's records, uncompressed, and checks each one, without touching keys and values.
  func check(_ records: RawSpan, as origin: BatchOrigin) throws(LogError) {
    let count = Int(recordCount)
    var position = 0
    var index = 0
    var previousDelta: Int32 = -1
    do throws(RecordFault) {
      while index < count {
        guard position < records.byteCount else { throw RecordFault(.recordIsComplete, position) }
        let layout = try RecordLayout(of: records, at: position)
        try layout.checkHeaders(of: records)
        switch origin {
        case .log:
          guard layout.offsetDelta > previousDelta, layout.offsetDelta <= lastOffsetDelta
          else { throw RecordFault(.offsetDelta, position) }
        case .producer:
          try layout.checkProduced(at: position, index: index, in: self)
        }
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
}

extension RecordLayout {
  /// What a producer's record keeps. That offsets increase and lie within the batch follows from
  /// their being 0, 1, 2 and so on, because there are as many as the header says.
  @inline(__always)
  fileprivate func checkProduced(
    at position: Int, index: Int, in header: BatchHeader
  ) throws(RecordFault) {
    guard Int(offsetDelta) == index else { throw RecordFault(.producedOffsetDelta, position) }
    // The sum wraps, as every reader's does: from -1 to the last time of all the delta is -2⁶³.
    let timestamp = header.baseTimestamp.rawValue &+ timestampDelta
    guard timestamp >= -1 else { throw RecordFault(.producedTimestamp, position) }
  }
}
