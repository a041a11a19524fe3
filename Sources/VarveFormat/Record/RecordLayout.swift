/// Where the parts of one record lie among the records of its batch. Positions only: the bytes
/// stay where they are.
struct RecordLayout {
  /// Where the record's body begins, behind its length.
  var bodyStart: Int
  /// Where the next record begins.
  var end: Int
  var timestampDelta: Int64
  var offsetDelta: Int32
  var keyStart: Int
  /// -1 for null.
  var keyCount: Int
  var valueStart: Int
  /// -1 for null.
  var valueCount: Int
  /// Behind the count of headers.
  var headersStart: Int
  var headerCount: Int
}

extension RecordLayout {
  /// Reads the layout of the record at `start`, headers aside.
  @inline(__always)
  init(of records: RawSpan, at start: Int) throws(RecordFault) {
    var position = start
    let count = Int(try records.varint32(at: &position, limit: records.byteCount))
    guard count >= 0, count <= records.byteCount &- position else {
      throw RecordFault(.recordLength, start)
    }
    bodyStart = position
    end = position &+ count
    // One byte of attributes, always 0 so far; readers ignore it.
    guard position < end else { throw RecordFault(.recordLength, start) }
    position &+= 1
    timestampDelta = try records.varint64(at: &position, limit: end)
    offsetDelta = try records.varint32(at: &position, limit: end)

    let key = try Self.field(of: records, at: &position, limit: end, rule: .keyLength)
    keyStart = key.start
    keyCount = key.count
    let value = try Self.field(of: records, at: &position, limit: end, rule: .valueLength)
    valueStart = value.start
    valueCount = value.count

    headerCount = Int(try records.varint32(at: &position, limit: end))
    headersStart = position
    // A header takes two bytes or more, so this also bounds what a count can make us do.
    guard headerCount >= 0, headerCount &* 2 <= end &- position else {
      throw RecordFault(.headerCount, position)
    }
  }

  /// A length, -1 for null, and the bytes that it counts. Any negative length is null.
  @inline(__always)
  static func field(
    of records: RawSpan, at position: inout Int, limit: Int, rule: FormatRule
  ) throws(RecordFault) -> (start: Int, count: Int) {
    let count = Int(try records.varint32(at: &position, limit: limit))
    guard count >= 0 else { return (position, -1) }
    guard count <= limit &- position else { throw RecordFault(rule, position) }
    let start = position
    position &+= count
    return (start, count)
  }

  /// Walks the headers, and makes sure that the record ends where they do.
  @inline(__always)
  func checkHeaders(of records: RawSpan) throws(RecordFault) {
    var position = headersStart
    for _ in 0..<headerCount {
      let key = try Self.field(of: records, at: &position, limit: end, rule: .headerKeyLength)
      guard key.count >= 0 else { throw RecordFault(.headerKeyLength, position) }
      _ = try Self.field(of: records, at: &position, limit: end, rule: .headerValueLength)
    }
    guard position == end else { throw RecordFault(.recordIsFilled, position) }
  }
}
