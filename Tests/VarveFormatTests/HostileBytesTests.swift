import Testing
import VarveFormat

/// Bytes and places from which the host must come back alive. Each was found by fuzzing.
@Suite struct HostileBytesTests {
  private static let outside = [Int.min, -(1 << 31), -1, 100, Int.max]

  /// A batch of one record, whose header is then changed.
  private func batch(_ changes: [Int: UInt8] = [:], recordsCut: Bool = false) throws -> [UInt8] {
    var builder = try RecordBatchBuilder()
    try builder.append(Record(value: "v"))
    let finished = builder.finish()
    let batch = try #require(finished)
    var bytes = Array(batch.bytes)
    if recordsCut {
      bytes.removeSubrange(61...)
      bytes[11] = 49
    }
    for (place, byte) in changes { bytes[place] = byte }
    return bytes
  }

  @Test(arguments: outside)
  func noHeaderBeginsOutside(position: Int) throws {
    let bytes = try batch()
    #expect(throws: LogError.self) {
      try BatchHeader(parsing: bytes.span.bytes, at: position)
    }
  }

  @Test(arguments: outside)
  func noBatchLiesOutside(position: Int) throws {
    let bytes = try batch()
    var walk = BatchWalk(bytes.span.bytes, from: position)
    #expect(walk.remainingByteCount == 0)
    let isThere = try walk.next() != nil
    #expect(!isThere)
    #expect(walk.position == position)
  }

  /// Without a look at the header they would be taken for uncompressed records.
  @Test func recordsOfAnUnknownCodecAreRefused() throws {
    let bytes = try batch([22: 5])
    let view = try BatchView(unverified: bytes.span.bytes)
    do throws(LogError) {
      _ = try view.records
      Issue.record("records of codec 5")
    } catch {
      #expect(error.breach?.rule == .codec)
    }
  }

  /// A count below 0 would reach whoever makes room for so many records.
  @Test func aNegativeRecordCountIsRefused() throws {
    let bytes = try batch([57: 0xff], recordsCut: true)
    let view = try BatchView(unverified: bytes.span.bytes)
    do throws(LogError) {
      _ = try view.records
      Issue.record("less than no records")
    } catch {
      #expect(error.breach?.rule == .recordCount)
    }
  }

  /// A stamp writes all 61 bytes of a header, whatever the header says of the batch's size.
  @Test(arguments: [0, 12, 60])
  func aStampStaysWithinTheBytes(byteCount: Int) throws {
    let whole = try batch()
    var header = try BatchHeader(parsing: whole.span.bytes)
    header.byteCount = byteCount
    var bytes = [UInt8](repeating: 7, count: byteCount)
    var span = bytes.mutableSpan
    var memory = span.mutableBytes
    do throws(LogError) {
      try BatchStamp(baseOffset: 0).stamp(&memory, header: header)
      Issue.record("a batch of \(byteCount) bytes")
    } catch {
      #expect(error.code == .invalidArgument)
    }
    #expect(bytes.allSatisfy { $0 == 7 })
  }

  /// From a base below 0, a negative distance wraps to an offset that looks greater.
  @Test func noIndexBelongsToANegativeBase() {
    let base = Offset(rawValue: .min + 2)
    let bytes: [UInt8] = [0xff, 0, 0, 0, 0, 0, 0, 1]
    #expect(OffsetIndexView(bytes.span.bytes, baseOffset: base)[0].offset > base)
    #expect(throws: LogError.self) {
      try OffsetIndexView(bytes.span.bytes, baseOffset: base).validate()
    }
    let times: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0]
    #expect(throws: LogError.self) {
      try TimeIndexView(times.span.bytes, baseOffset: base).validate()
    }
  }
}
