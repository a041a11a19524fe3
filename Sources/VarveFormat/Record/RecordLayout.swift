/// Where the parts of one record lie among the records of its batch. Positions only: the bytes
/// stay where they are.
///
/// The numbers have 32 bits because a batch's size has: half as much to carry from record to
/// record.
struct RecordLayout {
  /// The record's body, behind its length; it ends where the next record begins.
  var body: Extent
  var timestampDelta: Int64
  var offsetDelta: Int32
  var key: Extent
  var value: Extent
  /// Where the headers begin, behind their count.
  var headersStart: Int32
  var headerCount: Int32

  /// A run of bytes, or null.
  struct Extent {
    var start: Int32
    /// -1 for null.
    var count: Int32

    @inline(__always)
    init(start: Int, count: Int) {
      self.start = Int32(truncatingIfNeeded: start)
      self.count = Int32(truncatingIfNeeded: count)
    }

    @inline(__always)
    var isNull: Bool { count < 0 }
  }

  /// Where the next record begins.
  @inline(__always)
  var end: Int { Int(body.start) &+ Int(body.count) }
}

extension RecordLayout {
  /// Reads the layout of the record at `start`, headers aside.
  ///
  /// `records` are those of one batch, so that no position is beyond 32 bits.
  @inline(__always)
  init(of records: RawSpan, at start: Int) throws(RecordFault) {
    var position = start
    let count = Int(try records.varint32(at: &position, limit: records.byteCount))
    // One byte of attributes, always 0 so far, which readers ignore, is the least there is.
    guard count > 0, count <= records.byteCount &- position else {
      throw RecordFault(.recordLength, start)
    }
    body = Extent(start: position, count: count)
    let end = position &+ count
    position &+= 1
    timestampDelta = try records.varint64(at: &position, limit: end)
    offsetDelta = try records.varint32(at: &position, limit: end)
    key = try Self.field(of: records, at: &position, limit: end, rule: .keyLength)
    value = try Self.field(of: records, at: &position, limit: end, rule: .valueLength)
    headerCount = try records.varint32(at: &position, limit: end)
    headersStart = Int32(truncatingIfNeeded: position)
    // A header takes two bytes or more, so this also bounds what a count can make us do.
    guard headerCount >= 0, Int(headerCount) &* 2 <= end &- position else {
      throw RecordFault(.headerCount, position)
    }
  }

  /// A length, -1 for null, and the bytes that it counts. Any negative length is null.
  @inline(__always)
  static func field(
    of records: RawSpan, at position: inout Int, limit: Int, rule: FormatRule
  ) throws(RecordFault) -> Extent {
    let count = Int(try records.varint32(at: &position, limit: limit))
    guard count >= 0 else { return Extent(start: position, count: -1) }
    guard count <= limit &- position else { throw RecordFault(rule, position) }
    defer { position &+= count }
    return Extent(start: position, count: count)
  }

  /// Walks the headers, and makes sure that the record ends where they do.
  @inline(__always)
  func checkHeaders(of records: RawSpan) throws(RecordFault) {
    var position = Int(headersStart)
    for _ in 0..<headerCount {
      let key = try Self.field(of: records, at: &position, limit: end, rule: .headerKeyLength)
      guard !key.isNull else { throw RecordFault(.headerKeyLength, position) }
      _ = try Self.field(of: records, at: &position, limit: end, rule: .headerValueLength)
    }
    guard position == end else { throw RecordFault(.recordIsFilled, position) }
  }
}

extension RawSpan {
  /// The bytes of a part, or nil where it is null.
  @inline(__always)
  @_lifetime(copy self)
  func part(_ extent: RecordLayout.Extent) -> RawSpan? {
    extent.isNull ? nil : slice(Int(extent.start), count: Int(extent.count))
  }
}
