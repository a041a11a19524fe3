import Foundation
import Testing
import VarveSystem

@testable import Varve

/// The indexes of a segment in memory, by what Kafka tests of its own.
@Suite struct IndexMemoryTests {
  private func index(
    base: Offset = 1000, offsets: Int = 100, times: Int = 100
  ) throws -> IndexMemory {
    try IndexMemory(
      baseOffset: base, limits: IndexLimits(offsetEntries: offsets, timeEntries: times))
  }

  private func offset(_ offset: Int64, at position: Int) -> OffsetIndexEntry {
    OffsetIndexEntry(offset: Offset(rawValue: offset), position: position)
  }

  private func time(_ time: Int64, _ offset: Int64) -> TimeIndexEntry {
    TimeIndexEntry(timestamp: .at(time), offset: Offset(rawValue: offset))
  }

  // MARK: Offsets

  @Test(arguments: 0..<10)
  func whatIsFoundIsTheFloorOfASortedMap(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let index = try index()
    var model: [OffsetIndexEntry] = []
    var (next, position): (Int64, Int) = (1000, 0)
    for _ in 0..<100 {
      next += Int64.random(in: 1...9, using: &random)
      position += Int.random(in: 61...5000, using: &random)
      model.append(offset(next, at: position))
      #expect(index.append(model[model.count - 1]))
      #expect(index.offsetCount == model.count)
    }
    for target in 995...next + 5 {
      let target = Offset(rawValue: target)
      let found = index.offsets.floor(of: target)
      #expect(found == model.last { $0.offset <= target })
    }
    let last = index.offsets.last
    #expect(last == model.last)
  }

  @Test func anEmptyIndex() throws {
    let index = try index()
    let found = index.offsets.floor(of: 1000)
    let time = index.times.floor(of: .at(.max))
    #expect(found == nil && time == nil)
    #expect(index.offsetCount == 0 && index.timeCount == 0 && index.byteCount == 0)
  }

  @Test func aFullIndexTakesNoMore() throws {
    let index = try index(offsets: 3)
    for number: Int64 in 1...3 {
      #expect(index.append(offset(1000 + number, at: Int(number) * 100)))
    }
    #expect(!index.append(offset(1010, at: 1000)))
    #expect(index.offsetCount == 3)
    let last = index.offsets.last
    #expect(last == offset(1003, at: 300))
  }

  @Test func entriesThatDoNotFollow() throws {
    let index = try index()
    #expect(!index.append(offset(999, at: 5)))
    #expect(!index.append(offset(1000 + Int64(Int32.max) + 1, at: 5)))
    #expect(index.append(offset(1000, at: 5)))
    for entry in [
      offset(1000, at: 9), offset(999, at: 9), offset(1001, at: 5), offset(1001, at: 4),
    ] {
      #expect(!index.append(entry))
    }
    #expect(index.append(offset(1000 + Int64(Int32.max), at: 6)))
    #expect(index.offsetCount == 2)
  }

  // MARK: Times

  @Test func timesThatAreLeftOut() throws {
    let index = try index()
    index.append(time(-1, 1000))
    #expect(index.timeCount == 0)
    index.append(time(0, 1000))
    index.append(time(50, 1010))
    // The same time again, an earlier one, an earlier offset.
    index.append(time(50, 1020))
    index.append(time(49, 1020))
    index.append(time(60, 1009))
    index.append(time(-1, 1030), isFinal: true)
    #expect(index.timeCount == 2)
    index.append(time(60, 1010))
    #expect(index.timeCount == 3)
  }

  @Test(
    arguments: [
      (-5, nil), (9, nil), (10, 1001), (11, 1001), (19, 1001), (20, 1002), (30, 1004), (99, 1004),
    ] as [(Int64, Int64?)])
  func timesThatAreFound(_ target: Int64, _ offset: Int64?) throws {
    let index = try index()
    for entry in [time(10, 1001), time(20, 1002), time(30, 1004)] { index.append(entry) }
    let found = index.times.floor(of: .at(target))
    #expect(found?.offset.rawValue == offset)
  }

  /// Room for one is kept, and the final one takes it.
  @Test func theReservedPlace() throws {
    let index = try index(times: 3)
    for number: Int64 in 1...5 { index.append(time(number, 1000 + number)) }
    #expect(index.timeCount == 2)
    index.append(time(9, 1009), isFinal: true)
    #expect(index.timeCount == 3)
    index.append(time(10, 1010), isFinal: true)
    let last = index.times.last
    #expect(last == time(9, 1009))
  }

  // MARK: Limits

  @Test func limitsAreKafkasOrAsManyAsASegmentNeeds() {
    var configuration = LogConfiguration()
    configuration.indexByteCount = 100
    var limits = IndexLimits(configuration, segmentByteCount: 128 << 20)
    #expect(limits == IndexLimits(offsetEntries: 12, timeEntries: 8))
    configuration.indexByteCount = 10 << 20
    limits = IndexLimits(configuration, segmentByteCount: 1 << 20)
    // An interval is exceeded before there is an entry, so there is never one more.
    #expect(limits.offsetEntries >= (1 << 20) / 4097)
    #expect(limits.offsetEntries < 300)
    #expect(limits.timeEntries > limits.offsetEntries)
    configuration.indexIntervalByteCount = 0
    limits = IndexLimits(configuration, segmentByteCount: 1 << 20)
    #expect(limits.offsetEntries == (1 << 20) + 2)
    #expect(limits.timeStart % MemoryPage.byteCount == 0)
    #expect(limits.timeStart >= limits.offsetEntries * OffsetIndexEntry.byteCount)
  }

  @Test func cutting() throws {
    let index = try index()
    for number: Int64 in 1...9 {
      index.append(offset(1000 + number * 10, at: Int(number) * 100))
      index.append(time(number, 1000 + number * 10))
    }
    index.cut(to: SegmentEnd(offset: 1050, position: 10_000))
    #expect(index.offsetCount == 4 && index.timeCount == 4)
    index.cut(to: SegmentEnd(offset: 1050, position: 300))
    #expect(index.offsetCount == 2 && index.timeCount == 4)
    index.cut(to: SegmentEnd(offset: 1000, position: 0))
    #expect(index.offsetCount == 0 && index.timeCount == 0)
  }

  // MARK: Files

  private let end = SegmentEnd(offset: 1100, position: 100_000)

  private func filled() throws -> IndexMemory {
    let index = try index()
    for number: Int64 in 1...9 {
      index.append(offset(1000 + number * 10, at: Int(number) * 5000))
      index.append(time(number * 7, 1000 + number * 10))
    }
    return index
  }

  private func read(
    _ path: SegmentPath, end: SegmentEnd? = nil
  ) throws -> IndexMemory? {
    try IndexFiles.read(
      path, end: end ?? self.end, limits: IndexLimits(offsetEntries: 5, timeEntries: 5),
      in: UnsyncedFileSystem())
  }

  @Test(arguments: Place.all.filter { $0.writer == .mapped })
  func filesAreReadAgain(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let path = SegmentPath(directory: directory, baseOffset: 1000)
      let index = try filled()
      try IndexFiles.write(index, of: path, in: UnsyncedFileSystem())
      let sizes = [path.offsetIndex, path.timeIndex].map {
        FileManager.default.contents(atPath: $0)?.count
      }
      #expect(sizes == [72, 108])
      #expect(try LogOnDisk(directory: directory).names.count == 2)
      let again = try #require(try read(path))
      let isSame =
        again.offsetBytes.elementsEqual(index.offsetBytes)
        && again.timeBytes.elementsEqual(index.timeBytes)
      #expect(isSame)
      // Entries that speak of what is behind the segment's end are another segment's.
      #expect(try read(path, end: SegmentEnd(offset: 1090, position: 100_000)) == nil)
      #expect(try read(path, end: SegmentEnd(offset: 1100, position: 45_000)) == nil)
      #expect(try read(path, end: SegmentEnd(offset: 1091, position: 45_001)) != nil)
    }
  }

  /// Whole entries in order are taken, whatever they say; everything else is refused.
  @Test(arguments: Place.all.filter { $0.writer == .mapped })
  func filesThatCannotBe(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let path = SegmentPath(directory: directory, baseOffset: 1000)
      #expect(try read(path) == nil)
      try IndexFiles.write(try filled(), of: path, in: UnsyncedFileSystem())
      for (file, entry) in [
        (path.offsetIndex, OffsetIndexEntry.byteCount), (path.timeIndex, TimeIndexEntry.byteCount),
      ] {
        let right = try #require(FileManager.default.contents(atPath: file))
        for count in 0..<right.count {
          try right[..<count].write(to: URL(fileURLWithPath: file))
          #expect((try read(path) != nil) == (count % entry == 0), "cut at \(count)")
        }
        for zeros in [1, entry, entry * 2, 5000] {
          try (right + Data(count: zeros)).write(to: URL(fileURLWithPath: file))
          #expect(try read(path) == nil, "\(zeros) zeros behind")
        }
        try Data(count: right.count).write(to: URL(fileURLWithPath: file))
        #expect(try read(path) == nil)
        var random = SplitMix(seed: 3)
        for _ in 0..<20 {
          try Data(random.bytes(right.count)).write(to: URL(fileURLWithPath: file))
          #expect(try read(path) == nil)
        }
        try FileManager.default.removeItem(atPath: file)
        #expect(try read(path) == nil)
        try right.write(to: URL(fileURLWithPath: file))
        #expect(try read(path) != nil)
      }
    }
  }

  /// What a segment shows of its index to a user.
  @Test(arguments: Place.all)
  func factsToLookAt(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.indexIntervalByteCount = 300
      let log = try world.open(directory, configuration)
      for number: Int64 in 0..<90 {
        try log.append(Record(value: "some text", timestamp: .at(number)))
      }
      world.settle()
      for segment in log.segments {
        let index = segment.index
        #expect(index.count > 5)
        #expect(index.floor(of: segment.baseOffset) == nil)
        let entry = try #require(index.floor(of: segment.endOffset))
        #expect(segment.offsets.contains(entry.offset) && entry.position < segment.byteCount)
        let time = try #require(index.floor(of: .at(1000)))
        #expect(segment.offsets.contains(time.offset))
        #expect(time.timestamp.rawValue == time.offset.rawValue)
      }
      try log.closeNow()
    }
  }
}
