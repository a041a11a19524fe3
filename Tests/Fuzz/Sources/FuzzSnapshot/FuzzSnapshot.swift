import FuzzSupport
import KafkaReference
import Varve

/// Snapshots of producers: as they are, with their frame put right, or written first.
@main struct FuzzSnapshot: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    switch input.choice(3) {
    case 0: checkParsing(input.rest())
    case 1: checkParsing(framed(input.rest()))
    default: checkPrinting(&input)
    }
  }

  /// Entries behind a header that is right for them, bytes behind the last one included.
  private static func framed(_ entries: [UInt8]) -> [UInt8] {
    let body = bigEndian(UInt32(entries.count / 46), 4) + entries
    return [0, 1] + bigEndian(ReferenceCRC32C.checksum(of: body), 4) + body
  }

  private static func bigEndian(_ number: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * (count - 1 - $0))) }
  }

  private static func checkParsing(_ bytes: [UInt8]) {
    let memory = ExactBytes(bytes)
    do throws(LogError) {
      let snapshot = try ProducerSnapshot(parsing: memory.span)
      check(isWhole(bytes), "a broken snapshot found right")
      checkEqual(snapshot.entries.count, (bytes.count - 10) / 46, "the entries' count")
      for entry in snapshot.entries { touch(entry) }
      // What is below nothing may have been written otherwise.
      let again = ExactBytes(snapshot.encoded)
      checkEqual(again.count, bytes.count, "its size")
      checkEqual(try ProducerSnapshot(parsing: again.span), snapshot, "written and read again")
      if snapshot.entries.allSatisfy(isDetermined) {
        checkEqual(snapshot.encoded, bytes, "written again")
      }
    } catch {
      check(!isWhole(bytes), "a good snapshot refused: \(error)")
      check([.corrupt, .unsupported].contains(error.code), "a refusal: \(error)")
      check((0...bytes.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
    }
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 10, bytes[0] == 0, bytes[1] == 1 else { return false }
    let count = bytes[6..<10].reduce(0) { $0 << 8 | Int($1) }
    return bytes.count == 10 + 46 * count
      && bigEndian(ReferenceCRC32C.checksum(of: bytes[6...]), 4) == Array(bytes[2..<6])
  }

  /// Whether an entry has but one spelling: what is below nothing may be any number.
  private static func isDetermined(_ entry: ProducerSnapshotEntry) -> Bool {
    entry.lastBatch != nil && entry.coordinatorEpoch != nil && entry.transactionStart != nil
  }

  /// Numbers that follow from others, whatever those are.
  private static func touch(_ entry: ProducerSnapshotEntry) {
    guard let batch = entry.lastBatch else { return }
    check(batch.lastOffset >= 0, "a batch of nothing")
    _ = (batch.firstOffset, batch.firstSequence)
  }

  private static func checkPrinting(_ input: inout FuzzInput) {
    var entries: [ProducerSnapshotEntry] = []
    while input.remainingCount > 0 { entries.append(entry(&input)) }
    let memory = ExactBytes(ProducerSnapshot(entries).encoded)
    do throws(LogError) {
      let view = try ProducerSnapshotView(validating: memory.span)
      checkEqual(view.count, entries.count, "the count")
      for (number, entry) in entries.enumerated() { checkEqual(view[number], entry, "\(number)") }
    } catch {
      fail("a snapshot that was written is refused: \(error)")
    }
    check(isWhole(memory.array), "a snapshot that Kafka refuses")
  }

  private static func entry(_ input: inout FuzzInput) -> ProducerSnapshotEntry {
    let choices = input.integer(UInt8.self)
    let batch = ProducerBatch(
      lastSequence: SequenceNumber(rawValue: input.extremeInteger()),
      lastOffset: Offset(rawValue: input.extremeInteger() & .max),
      lastOffsetDelta: input.extremeInteger())
    return ProducerSnapshotEntry(
      producer: Producer(id: input.extremeInteger(), epoch: input.extremeInteger()),
      lastBatch: choices & 1 == 0 ? batch : nil,
      timestamp: Timestamp(rawValue: input.extremeInteger()),
      coordinatorEpoch: choices & 2 == 0 ? input.extremeInteger() & .max : nil,
      transactionStart: choices & 4 == 0 ? Offset(rawValue: input.extremeInteger() & .max) : nil)
  }
}
