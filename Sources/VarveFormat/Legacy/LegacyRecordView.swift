/// One record of before format version 2, where it lies. There were no headers then.
public struct LegacyRecordView: ~Escapable {
  /// The record's place in its log.
  public let offset: Offset
  /// When the record was made, or appended; ``Timestamp/none`` in version 0.
  public let timestamp: Timestamp
  /// Whose clock the timestamp is from.
  public let timestampType: TimestampType

  private let bytes: RawSpan
  private let content: LegacyContent

  /// A message that is a record.
  @_lifetime(copy message)
  init(
    _ message: borrowing LegacyMessageView, _ content: LegacyContent, offset: Offset,
    timestamp: Timestamp, _ timestampType: TimestampType
  ) {
    bytes = message.bytes
    self.content = content
    self.offset = offset
    self.timestamp = timestamp
    self.timestampType = timestampType
  }

  /// What the record is about, if anything.
  public var key: RawSpan? {
    @_lifetime(copy self) get { part(content.key) }
  }

  /// What the record says. Without one the record is a tombstone.
  public var value: RawSpan? {
    @_lifetime(copy self) get { part(content.value) }
  }

  @_lifetime(copy self)
  private func part(_ range: Range<Int>?) -> RawSpan? {
    guard let range else { return nil }
    return bytes.slice(range.lowerBound, count: range.count)
  }
}

/// One record of before format version 2, copied out.
public struct LegacyRecord: Hashable, Sendable {
  /// The record's place in its log.
  public let offset: Offset
  /// Whose clock its timestamp is from.
  public let timestampType: TimestampType
  /// The record itself.
  public let record: Record

  /// Copies a record out of its message.
  public init(copying view: borrowing LegacyRecordView) {
    offset = view.offset
    timestampType = view.timestampType
    record = Record(
      key: Array(copying: view.key), value: Array(copying: view.value), timestamp: view.timestamp)
  }
}
