import Foundation
import Varve

/// A record as Kafka's own reader saw it: one line of a `records.jsonl`.
struct ExpectedRecord: Decodable, Sendable {
  let offset: Int64
  let timestamp: Int64
  let timestampType: String
  /// In hexadecimal digits.
  let key: String?
  /// In hexadecimal digits.
  let value: String?
  /// Names, and values in hexadecimal digits.
  let headers: [[String?]]
  let leaderEpoch: Int32
  let batchBaseOffset: Int64
  let batchLastOffset: Int64
  let codec: String
  let producerId: Int64
  let producerEpoch: Int16
  let sequence: Int32
  let transactional: Bool
  let control: String?
  let coordinatorEpoch: Int32?

  /// Reads a whole file at once, which takes a fraction of what reading each line does.
  static func read(_ path: String) throws -> [ExpectedRecord] {
    let lines = try Data(contentsOf: FixtureArchive.url(path)).split(separator: UInt8(ascii: "\n"))
    var array = Data("[".utf8)
    array.append(contentsOf: lines.joined(separator: CollectionOfOne(UInt8(ascii: ","))))
    array.append(UInt8(ascii: "]"))
    return try JSONDecoder().decode([ExpectedRecord].self, from: array)
  }
}

/// Bytes as the fixtures write them: lower-case hexadecimal digits.
enum Hex {
  static func bytes(_ digits: String) -> [UInt8] {
    var digits = digits
    return digits.withUTF8 { digits in
      [UInt8](unsafeUninitializedCapacity: digits.count / 2) { memory, count in
        count = digits.count / 2
        for index in 0..<count {
          memory[index] = nibble(digits[2 * index]) << 4 | nibble(digits[2 * index + 1])
        }
      }
    }
  }

  private static func nibble(_ digit: UInt8) -> UInt8 { digit < 0x40 ? digit & 15 : digit - 87 }
}

extension ExpectedRecord {
  /// What is said of the batch in each of its records' lines, against its header.
  func differences(from header: BatchHeader) -> [String] {
    var found: [String] = []
    func compare<T: Equatable>(_ what: String, _ actual: T, _ expected: T) {
      if actual != expected { found.append("\(offset): \(what) \(actual), Kafka: \(expected)") }
    }
    compare("base offset", header.baseOffset.rawValue, batchBaseOffset)
    compare("last offset", header.lastOffset.rawValue, batchLastOffset)
    compare("leader epoch", header.leaderEpoch.rawValue, leaderEpoch)
    compare("codec", header.codec.description, codec)
    compare("producer", header.producer?.id ?? -1, producerId)
    compare("producer epoch", header.producer?.epoch ?? -1, producerEpoch)
    let delta = Int32(offset - batchBaseOffset)
    compare("sequence", header.baseSequence.advanced(by: delta).rawValue, sequence)
    compare("transactional", header.isTransactional, transactional)
    compare("control", header.isControl, control != nil)
    let type = header.timestampType == .createTime ? "CreateTime" : "LogAppendTime"
    compare("timestamp type", type, timestampType)
    return found
  }

  /// What is said of the record itself, against a record that was read.
  func differences(from record: borrowing RecordView) throws -> [String] {
    var found: [String] = []
    func compare<T: Equatable>(_ what: String, _ actual: T, _ expected: T) {
      if actual != expected { found.append("\(offset): \(what) \(actual), Kafka: \(expected)") }
    }
    let copy = Record(copying: record)
    compare("offset", record.offset.rawValue, offset)
    compare("timestamp", record.timestamp.rawValue, timestamp)
    compare("key", copy.key, key.map(Hex.bytes))
    compare("value", copy.value, value.map(Hex.bytes))
    compare("tombstone", record.isTombstone, value == nil)
    compare(
      "headers", copy.headers,
      headers.map { RecordHeader(key: $0[0] ?? "null", value: $0[1].map(Hex.bytes)) })
    if let control {
      let marker = try EndTransactionMarker(record)
      compare("marker", marker?.outcome, control == "COMMIT" ? .committed : .aborted)
      compare("coordinator epoch", marker?.coordinatorEpoch, coordinatorEpoch)
    }
    return found
  }
}
