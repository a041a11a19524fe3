/// A record as its batch has it: in deltas.
package struct ReferenceRecord: Equatable {
  /// What is said about a record.
  package struct Header: Equatable {
    package var key: [UInt8]
    package var value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
      self.key = key
      self.value = value
    }
  }

  package var offsetDelta: Int32
  package var timestampDelta: Int64
  package var key: [UInt8]?
  package var value: [UInt8]?
  package var headers: [Header]

  package init(
    offsetDelta: Int32, timestampDelta: Int64, key: [UInt8]?, value: [UInt8]?, headers: [Header]
  ) {
    self.offsetDelta = offsetDelta
    self.timestampDelta = timestampDelta
    self.key = key
    self.value = value
    self.headers = headers
  }
}

// MARK: Reading

extension ReferenceRecord {
  /// Reads the records that `bytes` consist of, until they end or one is no record.
  static func sequence(in bytes: [UInt8]) -> (records: [ReferenceRecord], isWhole: Bool) {
    var cursor = ByteCursor(bytes)
    var records: [ReferenceRecord] = []
    while !cursor.isAtEnd {
      guard let count = cursor.varint(), let body = cursor.take(Int(count)),
        let record = ReferenceRecord(body: body)
      else { return (records, false) }
      records.append(record)
    }
    return (records, true)
  }

  /// Reads what stands behind a record's length, all of it.
  private init?(body: [UInt8]) {
    var cursor = ByteCursor(body)
    guard cursor.byte() != nil,  // attributes, to be ignored
      let timestampDelta = cursor.varlong(), let offsetDelta = cursor.varint(),
      let key = cursor.field(), let value = cursor.field(),
      let headerCount = cursor.varint(), headerCount >= 0, Int(headerCount) <= body.count
    else { return nil }
    var headers: [Header] = []
    for _ in 0..<headerCount {
      guard let name = cursor.field()?.value, let value = cursor.field() else { return nil }
      headers.append(Header(key: name, value: value.value))
    }
    guard cursor.isAtEnd else { return nil }
    self.init(
      offsetDelta: offsetDelta, timestampDelta: timestampDelta, key: key.value,
      value: value.value, headers: headers)
  }
}

// MARK: Writing

extension ReferenceRecord {
  /// The record's bytes, its length in front.
  package var encoded: [UInt8] {
    var body: [UInt8] = [0]
    body.append(varlong: timestampDelta)
    body.append(varlong: Int64(offsetDelta))
    body.append(field: key)
    body.append(field: value)
    body.append(varlong: Int64(headers.count))
    for header in headers {
      body.append(field: header.key)
      body.append(field: header.value)
    }
    var whole: [UInt8] = []
    whole.append(field: body)
    return whole
  }
}

extension [UInt8] {
  mutating func append(field: [UInt8]?) {
    append(varlong: Int64(field?.count ?? -1))
    append(contentsOf: field ?? [])
  }

  mutating func append(varlong value: Int64) {
    var rest = value < 0 ? UInt64(-1 - value) * 2 + 1 : UInt64(value) * 2
    while rest > 127 {
      append(UInt8(rest % 128) + 128)
      rest /= 128
    }
    append(UInt8(rest))
  }

  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    for index in (0..<MemoryLayout<T>.size).reversed() {
      append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: 8 * index)))
    }
  }
}
