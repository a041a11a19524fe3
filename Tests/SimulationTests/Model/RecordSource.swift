import Varve

/// Makes records that are all different, so that one of an earlier life is known when it comes back.
struct RecordSource {
  private var serial = 0
  private static let keyCount = 8

  /// A batch with values of so many bytes.
  mutating func next(_ sizes: [Int], now: Timestamp) -> [Record] {
    sizes.map { next($0, now: now) }
  }

  private mutating func next(_ size: Int, now: Timestamp) -> Record {
    serial += 1
    // Always of the same length, so that values of one size make batches of one size.
    let digits = String(serial)
    let key = String(repeating: "0", count: max(0, Self.keyCount - digits.count)) + digits
    // Neither ordered nor unique: look-ups by time must cope.
    let lead = Int64([0, 0, 0, 5, -7, 40][serial % 6])
    return Record(
      key: key, value: [UInt8](repeating: UInt8(truncatingIfNeeded: serial | 1), count: size),
      timestamp: Timestamp(milliseconds: now.rawValue + lead))
  }
}

extension RecordSource {
  /// How large the value of a batch's one record is, if the batch has so many bytes.
  static func valueSize(inBatchOf byteCount: Int) -> Int {
    var size = byteCount / 2
    // Numbers of lengths have lengths, so that a second look is needed.
    for _ in 0..<3 {
      // Not by a builder in an optional: Swift 6.3.1 leaks what a noncopyable one holds.
      let batch = try? SingleRecordBatch(keyCount: keyCount, valueCount: size)
      size += byteCount - (batch?.byteCount ?? byteCount)
    }
    return size
  }
}
