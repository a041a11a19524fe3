/// Something said about a record: a name and bytes, which may be null.
public struct RecordHeader: Hashable, Sendable {
  /// The name.
  public var key: String
  /// The bytes.
  public var value: [UInt8]?

  /// A header with bytes, or null.
  public init(key: String, value: [UInt8]?) {
    self.key = key
    self.value = value
  }

  /// A header with text, stored as UTF-8.
  public init(key: String, value: String) {
    self.init(key: key, value: Array(value.utf8))
  }

  /// Copies a header out of its batch.
  public init(copying header: borrowing RecordHeaderView) {
    key = String(decoding: header.key)
    value = Array(copying: header.value)
  }
}
