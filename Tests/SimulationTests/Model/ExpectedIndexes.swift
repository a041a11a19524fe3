import Varve

/// The bytes that a segment's index files must have, made from its batches by Kafka's rule.
struct ExpectedIndexes {
  private(set) var offsets: [UInt8] = []
  private(set) var times: [UInt8] = []

  private var lastTime = Int64.min

  init(of segment: [UInt8], baseOffset: Offset, interval: Int) throws {
    var newest = (timestamp: Int64(-1), offset: Int64(0))
    var bytesSinceEntry = 0
    var position = 0
    while position < segment.count {
      let header = try BatchHeader(parsing: segment.span.bytes, at: position)
      if header.maxTimestamp.rawValue > newest.timestamp {
        newest = (header.maxTimestamp.rawValue, header.lastOffset.rawValue - baseOffset.rawValue)
      }
      if bytesSinceEntry > interval {
        Self.append(Int32(header.lastOffset.rawValue - baseOffset.rawValue), to: &offsets)
        Self.append(Int32(position), to: &offsets)
        append(newest)
        bytesSinceEntry = 0
      }
      bytesSinceEntry += header.byteCount
      position += header.byteCount
    }
    append(newest)
  }

  private mutating func append(_ newest: (timestamp: Int64, offset: Int64)) {
    guard newest.timestamp >= 0, newest.timestamp > lastTime else { return }
    lastTime = newest.timestamp
    Self.append(newest.timestamp, to: &times)
    Self.append(Int32(newest.offset), to: &times)
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
