/// A record's headers, where they lie, in the order in which they were added; keys may repeat.
public struct RecordHeadersView: ~Escapable {
  /// How many headers there are.
  public let count: Int

  /// The headers as they are encoded, without their count.
  let encoded: RawSpan

  @inline(__always)
  @_lifetime(copy encoded)
  init(encoded: RawSpan, count: Int) {
    self.encoded = encoded
    self.count = count
  }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// Visits them one by one: `while let header = headers.next()`.
  @_lifetime(copy self)
  public func makeIterator() -> RecordHeaderIterator { RecordHeaderIterator(self) }

  /// Hands each header to `body`.
  public func forEach<E: Error>(
    _ body: (borrowing RecordHeaderView) throws(E) -> Void
  ) throws(E) {
    var iterator = makeIterator()
    while let header = iterator.next() { try body(header) }
  }

  /// The value of the last header with this key, as Kafka's own clients look it up.
  ///
  /// Nil where there is no such header, and where its value is null.
  @_lifetime(copy self)
  public func lastValue(of key: String) -> RawSpan? {
    var found: RawSpan?
    var iterator = makeIterator()
    while let header = iterator.next() {
      if header.hasKey(key) { found = header.value }
    }
    return found
  }
}

/// One header, where it lies.
public struct RecordHeaderView: ~Escapable {
  /// The key in UTF-8.
  public let key: RawSpan
  /// The value; unlike the key it may be null.
  public let value: RawSpan?

  @_lifetime(copy key, copy value)
  init(key: RawSpan, value: RawSpan?) {
    self.key = key
    self.value = value
  }

  /// Whether this is the header's key.
  public func hasKey(_ text: String) -> Bool {
    guard key.byteCount == text.utf8.count else { return false }
    var position = 0
    for byte in text.utf8 {
      guard key.byte(at: position) == byte else { return false }
      position += 1
    }
    return true
  }
}

/// Goes through a record's headers.
public struct RecordHeaderIterator: ~Escapable {
  private let encoded: RawSpan
  private var position = 0
  private var remaining: Int

  @_lifetime(copy headers)
  init(_ headers: RecordHeadersView) {
    encoded = headers.encoded
    remaining = headers.count
  }

  /// The next header, or nil behind the last one.
  @_lifetime(copy self)
  public mutating func next() -> RecordHeaderView? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    let limit = encoded.byteCount
    // The headers were checked when the batch was opened for reading; were they changed since,
    // then they end here, and nothing outside them is touched.
    guard
      let key = try? RecordLayout.field(
        of: encoded, at: &position, limit: limit, rule: .headerKeyLength),
      key.count >= 0,
      let value = try? RecordLayout.field(
        of: encoded, at: &position, limit: limit, rule: .headerValueLength)
    else {
      remaining = 0
      return nil
    }
    return RecordHeaderView(
      key: encoded.slice(key.start, count: key.count),
      value: value.count < 0 ? nil : encoded.slice(value.start, count: value.count))
  }
}
