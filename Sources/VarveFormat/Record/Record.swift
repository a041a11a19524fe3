/// A record on its way into a log, or copied out of one: it owns its bytes.
///
/// For the paths that count nanoseconds there are borrowed forms: ``RecordView`` to read, and
/// ``RecordBatchBuilder/append(key:value:timestamp:offset:)`` to write.
public struct Record: Hashable, Sendable {
  /// What the record is about, if anything. Compaction keeps the last record of each key.
  public var key: [UInt8]?

  /// What the record says. Null makes it a tombstone.
  public var value: [UInt8]?

  /// What is said about the record; keys may repeat.
  public var headers: [RecordHeader]

  /// When the record was made. Nil lets the log's clock say.
  public var timestamp: Timestamp?

  /// A record of bytes.
  public init(
    key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp? = nil
  ) {
    self.key = key
    self.value = value
    self.headers = headers
    self.timestamp = timestamp
  }

  /// A record of bytes without a key.
  public init(value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp? = nil) {
    self.init(key: nil, value: value, headers: headers, timestamp: timestamp)
  }

  /// A record whose key is text, stored as UTF-8, and whose value is bytes.
  public init(
    key: String, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp? = nil
  ) {
    self.init(key: Array(key.utf8), value: value, headers: headers, timestamp: timestamp)
  }

  /// A record of text, stored as UTF-8.
  public init(
    key: String? = nil, value: String, headers: [RecordHeader] = [], timestamp: Timestamp? = nil
  ) {
    self.init(
      key: key.map { Array($0.utf8) }, value: Array(value.utf8), headers: headers,
      timestamp: timestamp)
  }

  /// Copies a record out of its batch.
  public init(copying record: borrowing RecordView) {
    var headers: [RecordHeader] = []
    record.headers.forEach { headers.append(RecordHeader(copying: $0)) }
    self.init(
      key: Array(copying: record.key), value: Array(copying: record.value), headers: headers,
      timestamp: record.timestamp)
  }
}
