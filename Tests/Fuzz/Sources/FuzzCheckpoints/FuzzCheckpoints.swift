import FuzzSupport
import Varve

/// Texts that Kafka keeps beside its logs: checkpoints of both kinds, a topic's id, and the marker of a
/// clean stop. As they are, or put together from the pieces of such texts.
@main struct FuzzCheckpoints: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let kind = input.choice(5)
    let isComposed = input.bool()
    if kind == 4 { return checkPrinting(&input) }
    let bytes = isComposed ? composed(&input, kind) : input.rest()
    switch kind {
    case 0: Lines.check(bytes, LeaderEpochStart.self, fieldCount: 2)
    case 1: Lines.check(bytes, PartitionOffset.self, fieldCount: 3)
    case 2: checkMetadata(bytes)
    default: checkMarker(bytes)
    }
  }

  private static let pieces: [[String]] = [
    ["0\n", "1\n", "2\n", "0", "7", " ", "\t", "\r", "\n", "-1", "+3", "9223372036854775807"],
    ["0\n", "1\n", "2\n", "orders ", "a.b-c_1 ", "0 ", " ", "\n", "46", "-1", "é", "2147483648"],
    [
      "version: 0\n", "topic_id: ", "ijCBkzI0TXKR8kE2xptfZQ", "AAAAAAAAAAAAAAAAAAAAA", "A", "=",
      " ",
    ],
    [
      "{", "}", "[", "]", "\"brokerEpoch\":", "\"", "\\", ",", ":", "14", "-1", "null", " ", "1e9",
      "\"version\":0",
    ],
  ]

  private static func composed(_ input: inout FuzzInput, _ kind: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while input.remainingCount > 0 {
      let choice = input.choice(256)
      bytes += choice < 240 ? Array(pieces[kind][choice % pieces[kind].count].utf8) : input.bytes(1)
    }
    return bytes
  }

  private static func checkMetadata(_ bytes: [UInt8]) {
    let memory = ExactBytes(bytes)
    if let metadata = try? PartitionMetadata(parsing: memory.span) {
      let again = ExactBytes(metadata.encoded)
      checkEqual(try? PartitionMetadata(parsing: again.span), metadata, "written and read again")
      check(metadata.topicID != .zero, "no topic")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if let id = UniqueID(parsing: text) { checkEqual(id.description, text, "an id") }
  }

  private static func checkMarker(_ bytes: [UInt8]) {
    let memory = ExactBytes(bytes)
    let marker = CleanShutdownMarker(parsing: memory.span)
    check(marker.brokerEpoch ?? 0 >= 0, "an epoch below 0")
    let again = ExactBytes(marker.encoded)
    checkEqual(CleanShutdownMarker(parsing: again.span), marker, "written and read again")
  }

  private static func checkPrinting(_ input: inout FuzzInput) {
    let id = UniqueID(
      rawValue: UInt128(input.integer(UInt64.self)) << 64 | UInt128(input.integer(UInt64.self)))
    checkEqual(UniqueID(parsing: id.description), id, "an id")
    var reigns: [LeaderEpochStart] = []
    var offsets: [PartitionOffset] = []
    while input.remainingCount > 0 {
      reigns.append(
        LeaderEpochStart(
          epoch: LeaderEpoch(rawValue: input.extremeInteger() & .max),
          startOffset: Offset(rawValue: input.extremeInteger() & .max)))
      let topic = input.element(of: ["t", "__consumer_offsets", "a.b-c_1"])
      let number = input.extremeInteger(Int32.self) & .max
      guard let partition = TopicPartition(topic: topic, partition: number) else {
        fail("no partition \(topic) \(number)")
      }
      offsets.append(
        PartitionOffset(partition: partition, offset: Offset(rawValue: input.extremeInteger())))
    }
    Lines.check(LeaderEpochCheckpoint(reigns))
    Lines.check(OffsetCheckpoint(offsets))
  }
}
