import Varve

/// A batch of text as services log it: it becomes a fourth by gzip.
enum TextBatch {
  /// So many bytes, in records of a little less than 1 KiB and their share of the header.
  static func batch(of size: Int) throws -> RecordBatch {
    let recordCount = size >> 10
    let overhead = FormatLimits.batchHeaderByteCount / recordCount + 16
    var state: UInt64 = 7
    var builder = try RecordBatchBuilder(capacity: size)
    for index in 0..<recordCount {
      let value = text((1 << 10) - overhead, &state)
      try builder.append(Record(value: value, timestamp: BatchShape.time(index)))
    }
    return builder.finish()!
  }

  private static func text(_ count: Int, _ state: inout UInt64) -> [UInt8] {
    var text: [UInt8] = []
    while text.count < count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = state >> 33
      let event = events[Int(random % UInt64(events.count))]
      text += Array(
        "{\"user\":\(random % 100_003),\"event\":\"\(event)\",\"ms\":\(random % 977)}".utf8)
    }
    return Array(text.prefix(count))
  }

  private static let events = ["paid", "booked", "cancelled", "looked around", "signed in"]
}
