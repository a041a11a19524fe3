import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What compaction writes goes on in a further segment where it outgrows one.
@Suite struct CompactionOutputTests {
  /// A batch of one record.
  private func batch(_ offset: Int64, time: Int64 = 1) throws -> RecordBatch {
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: offset)
    var builder = try RecordBatchBuilder(options)
    try builder.append(Record(value: [UInt8](repeating: 7, count: 900), timestamp: .at(time)))
    let batch = builder.finish()
    return try #require(batch)
  }

  private func header(_ offset: Int64, time: Int64 = 1) throws -> BatchHeader {
    try batch(offset, time: time).header
  }

  /// Where segments begin that such batches become.
  private func bases(
    _ headers: [BatchHeader], largest: Int = 0, _ change: (inout LogConfiguration) -> Void
  ) -> [Offset] {
    var configuration = LogConfiguration()
    change(&configuration)
    let rule = CompactionRollRule(configuration, largest: largest)
    var extents = [CompactedExtent(of: 0)]
    for header in headers {
      if rule.rolls(extents[extents.count - 1], before: header) {
        extents.append(CompactedExtent(of: extents[extents.count - 1].end))
      }
      extents[extents.count - 1].add(header, rule)
    }
    return extents.map(\.baseOffset)
  }

  @Test func itRollsByBytes() throws {
    let headers = try (0..<10).map { try header($0 * 5) }
    let byteCount = headers[0].byteCount
    #expect(bases(headers) { $0.segmentByteCount = 10 * byteCount } == [0])
    #expect(bases(headers) { $0.segmentByteCount = 10 * byteCount - 1 } == [0, 41])
    #expect(bases(headers) { $0.segmentByteCount = 4 * byteCount } == [0, 16, 36])
    // One that was larger when the log had other bounds.
    #expect(bases(headers, largest: 10 * byteCount) { $0.segmentByteCount = 4096 } == [0])
  }

  @Test func itRollsBySpan() throws {
    let far = Int64(Int32.max)
    #expect(bases([try header(0), try header(far)]) { _ in } == [0])
    #expect(bases([try header(0), try header(far + 1)]) { _ in } == [0, 1])
    #expect(bases([try header(7), try header(9), try header(far + 1)]) { _ in } == [0, 10])
  }

  @Test func itRollsByIndexes() throws {
    let same = try (0..<12).map { try header($0) }
    let rising = try (0..<12).map { try header($0, time: 1 + $0) }
    // Each batch but the first has an entry.
    func limited(_ configuration: inout LogConfiguration, _ byteCount: Int) {
      configuration.indexIntervalByteCount = 0
      configuration.indexByteCount = byteCount
    }
    #expect(bases(same) { limited(&$0, 8 * 11) } == [0])
    #expect(bases(same) { limited(&$0, 8 * 5) } == [0, 6])
    // The entries of the other index are larger, and one is kept for the end.
    #expect(bases(rising) { limited(&$0, 12 * 12) } == [0])
    #expect(bases(rising) { limited(&$0, 12 * 6) } == [0, 6])
  }

  /// Of what the indexes are to have, no more is counted than they get.
  @Test func whatIsCountedIsWhatThereIs() throws {
    var configuration = LogConfiguration()
    configuration.indexIntervalByteCount = 2500
    let rule = CompactionRollRule(configuration, largest: 0)
    let fileSystem = SimulatedFileSystem(clock: ManualClock())
    let file = try OpenFile("/segment", .writingOrCreating, in: fileSystem)
    var extent = CompactedExtent(of: 0)
    for number in 0..<40 as Range<Int64> {
      let batch = try batch(number, time: 1 + number / 7)
      try file.write(batch.bytes, at: extent.byteCount)
      extent.add(batch.header, rule)
    }
    var scan = try SegmentScan(of: 0, byteCount: extent.byteCount, configuration)
    try scan.run(through: file, SegmentScan.Bounds(byteCount: extent.byteCount))
    #expect(scan.end == SegmentEnd(offset: extent.end, position: extent.byteCount))
    #expect(scan.index.offsetCount == extent.facts.offsetEntryCount)
    #expect(scan.index.timeCount == extent.facts.timeEntryCount)
    #expect(extent.facts.offsetEntryCount > 5 && extent.facts.timeEntryCount > 3)
  }

  /// Batches that somebody compressed with more effort than compaction does come out larger: a segment that
  /// was full of them becomes two.
  @Test(.enabled(if: CompressionCodec.lz4.isBuiltIn))
  func whatComesOutLargerBecomesTwo() throws {
    var keyed = KeyedWreck()
    keyed.keyCount = 251
    keyed.wreck.configuration.segmentByteCount = 64 << 10
    let log = try keyed.open()
    var compressor = try Compressor(try .lz4(level: 17))
    var random = SplitMix(seed: 1)
    while log.segments.count < 2 {
      let batch = try Self.text(from: log.end, compressedBy: &compressor, &random)
      try log.append(batch)
      while log.runtime.step() {}
    }
    let before = try log.stored()
    let base = log.segments[1].baseOffset
    let largest = log.segments[0].byteCount
    let report = try #require(try log.compactNow(below: base))
    #expect(report.writtenSegmentCount == 2 && report.replacedSegmentCount == 1)
    #expect(report.byteCountAfter > largest)
    #expect(log.segments.count == 3)
    #expect(log.segments.allSatisfy { $0.byteCount <= 64 << 10 })
    let left = try log.stored()
    #expect(left == before.filter { $0.record.key != nil || $0.offset >= base })
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil)
    let found = try again.stored()
    #expect(found == left)
    try again.closeNow()
  }

  /// A batch of sentences, the first of which has no key, and so goes.
  private static func text(
    from offset: Offset, compressedBy compressor: inout Compressor, _ random: inout SplitMix
  ) throws -> RecordBatch {
    var builder = try RecordBatchBuilder()
    for number in 0..<20 as Range<Int64> {
      let words = (0..<50).map { _ in
        "word\(Int.random(in: 0..<40, using: &random) * Int.random(in: 0..<40, using: &random))"
      }
      try builder.append(
        Record(
          key: number == 0 ? nil : "\(offset.rawValue + number)",
          value: number == 0 ? "" : words.joined(separator: " "), timestamp: .at(1000)))
    }
    let batch = try builder.finish(compressedBy: &compressor)
    return try #require(batch)
  }
}
