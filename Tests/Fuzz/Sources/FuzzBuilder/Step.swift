import FuzzSupport
import KafkaReference
import Varve

/// One append.
struct Step {
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [RecordHeader]
  var timestamp: Timestamp
  var offset: Offset?
  /// Which of the ways to append is taken; all say the same.
  var way: Int

  static func all(from input: inout FuzzInput) -> [Step] {
    var steps: [Step] = []
    var last: Int64 = 0
    while input.remainingCount > 0, steps.count < 64 {
      let step = Step(from: &input, after: last)
      last = step.offset?.rawValue ?? last
      steps.append(step)
    }
    return steps
  }

  private init(from input: inout FuzzInput, after last: Int64) {
    let kinds = input.integer(UInt8.self)
    key = kinds & 1 != 0 ? input.bytes(input.choice(32)) : nil
    value = kinds & 2 != 0 ? input.someBytes() : nil
    headers = []
    if kinds & 4 != 0 {
      headers = (0..<input.choice(4)).map { _ in
        RecordHeader(
          key: String(decoding: input.bytes(input.choice(8)), as: UTF8.self),
          value: input.bool() ? nil : input.bytes(input.choice(80)))
      }
    }
    timestamp = kinds & 8 != 0 ? Timestamp(rawValue: input.extremeInteger()) : .none
    if kinds & 16 != 0 {
      let number = input.extremeInteger(Int64.self)
      offset = Offset(rawValue: kinds & 32 != 0 ? last &+ number : number)
    }
    way = Int(kinds >> 6)
  }
}

extension Step {
  var hasHeaders: Bool { !headers.isEmpty }

  var record: Record {
    // No time and the time -1 are the same to a builder.
    Record(
      key: key, value: value, headers: headers, timestamp: timestamp == .none ? nil : timestamp)
  }

  func append(to builder: inout RecordBatchBuilder) throws(LogError) {
    let key = key, value = value
    switch way {
    case 0: try builder.append(record, offset: offset)
    case 1 where !hasHeaders:
      try builder.append(
        key: key?.span.bytes, value: value?.span.bytes, timestamp: timestamp, offset: offset)
    default:
      try builder.append(
        key: key?.span.bytes, value: value?.span.bytes, headers: headers, timestamp: timestamp,
        offset: offset)
    }
  }

  func append(to writer: inout RecordBatchWriter) throws(LogError) {
    let key = key, value = value
    switch way {
    case 0: try writer.append(record, offset: offset)
    case 1 where !hasHeaders:
      try writer.append(
        key: key?.span.bytes, value: value?.span.bytes, timestamp: timestamp, offset: offset)
    default:
      try writer.append(
        key: key?.span.bytes, value: value?.span.bytes, headers: headers, timestamp: timestamp,
        offset: offset)
    }
  }
}
