import Dispatch
import Synchronization
import Testing

@testable import VarveFormat

/// What many threads may do at once with one batch: everything but change it.
@Suite struct RecordBatchRaceTests {
  /// Copies share their bytes until they are stamped; nobody sees another's stamp.
  @Test func stampedCopiesLeaveTheOriginal() throws {
    let batch = try RecordBatch.small()
    let before = batch.array
    let mistakes = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 64) { thread in
      for round in 0..<50 {
        var copy = batch
        let offset = Offset(rawValue: Int64(thread * 1000 + round))
        let time = BatchStamp.Time.append(Timestamp(milliseconds: offset.rawValue))
        try? copy.stamp(BatchStamp(baseOffset: offset, time: time))
        let first = try? copy.records().first { _ in true }
        if first?.offset != offset || batch.array != before {
          mistakes.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(mistakes.load(ordering: .relaxed) == 0)
    #expect(batch.array == before)
  }

  /// The first calls decide how checksums are computed; they may come from anywhere at once.
  @Test func firstChecksumsAgree() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let expected = CRC32CReference.checksum(of: bytes)
    let mistakes = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      let isRight =
        crc(bytes[...]) == expected
        && CRC32C.combine(crc(bytes[..<500]), crc(bytes[500...]), secondCount: 500) == expected
      if !isRight { mistakes.add(1, ordering: .relaxed) }
    }
    #expect(mistakes.load(ordering: .relaxed) == 0)
  }
}
