import Testing

@testable import VarveFormat

/// Index files, with a segment's base offset of 1000.
@Suite struct IndexViewTests {
  static let base: Offset = 1000

  /// As many entries as the seed says, some of them neighbours and some with holes between them.
  static func offsetEntries(seed: UInt64) -> [OffsetIndexEntry] {
    var random = SplitMix(seed: seed)
    var entry = OffsetIndexEntry(offset: base, position: 0)
    return (0..<seed).map { _ in
      entry.offset = entry.offset.advanced(by: Int.random(in: 1...4, using: &random))
      entry.position += Int.random(in: 1...4, using: &random)
      return entry
    }
  }

  /// As many; half of them share their offset with the one before, as time entries may.
  static func timeEntries(seed: UInt64) -> [TimeIndexEntry] {
    var random = SplitMix(seed: seed)
    var entry = TimeIndexEntry(timestamp: Timestamp(milliseconds: 0), offset: base)
    return (0..<seed).map { _ in
      let later = entry.timestamp.rawValue + Int64.random(in: 1...4, using: &random)
      entry.timestamp = Timestamp(milliseconds: later)
      if random.chance(2) {
        entry.offset = entry.offset.advanced(by: Int.random(in: 1...4, using: &random))
      }
      return entry
    }
  }

  private func encoded(_ entries: [OffsetIndexEntry]) throws -> [UInt8] {
    try entries.flatMap { bytes(of: try $0.encoded(relativeTo: Self.base)) }
  }

  private func encoded(_ entries: [TimeIndexEntry]) throws -> [UInt8] {
    try entries.flatMap { bytes(of: try $0.encoded(relativeTo: Self.base)) }
  }

  private func bytes<let count: Int>(of entry: InlineArray<count, UInt8>) -> [UInt8] {
    entry.indices.map { entry[$0] }
  }

  // MARK: Look-ups

  @Test(arguments: UInt64(0)...40)
  func offsetsAreFoundAsByLinearSearch(seed: UInt64) throws {
    let entries = Self.offsetEntries(seed: seed)
    let bytes = try encoded(entries)
    let index = OffsetIndexView(bytes.span.bytes, baseOffset: Self.base)
    try index.validate()
    let (count, sound, last) = (index.count, index.soundCount, index.last)
    #expect(count == entries.count && sound == entries.count)
    #expect(last == entries.last)
    for number in entries.indices {
      let entry = index[number]
      #expect(entry == entries[number])
    }

    let end = entries.last?.offset ?? Self.base
    for offset in Self.base.advanced(by: -2)...end.advanced(by: 2) {
      let (floor, before) = (index.floor(of: offset), index.count(before: offset))
      #expect(floor == entries.last { $0.offset <= offset })
      #expect(before == entries.count { $0.offset < offset })
    }
    for position in -1...(entries.last?.position ?? 0) + 2 {
      let found = index.first(atOrAfterPosition: position)
      #expect(found == entries.first { $0.position >= position })
    }
  }

  @Test(arguments: UInt64(0)...40)
  func timesAreFoundAsByLinearSearch(seed: UInt64) throws {
    let entries = Self.timeEntries(seed: seed)
    let bytes = try encoded(entries)
    let index = TimeIndexView(bytes.span.bytes, baseOffset: Self.base)
    try index.validate()
    let (count, sound, last) = (index.count, index.soundCount, index.last)
    #expect(count == entries.count && sound == entries.count)
    #expect(last == entries.last)
    for number in entries.indices {
      let entry = index[number]
      #expect(entry == entries[number])
    }

    let end = entries.last ?? TimeIndexEntry(timestamp: .none, offset: Self.base)
    for time in -2...end.timestamp.rawValue + 2 {
      let floor = index.floor(of: Timestamp(milliseconds: time))
      #expect(floor == entries.last { $0.timestamp.rawValue <= time })
    }
    for offset in Self.base.advanced(by: -2)...end.offset.advanced(by: 2) {
      let before = index.count(before: offset)
      #expect(before == entries.count { $0.offset < offset })
    }
  }

  @Test func anEmptyIndexKnowsNothing() throws {
    let none: [UInt8] = []
    let index = OffsetIndexView(none.span.bytes, baseOffset: Self.base)
    try index.validate()
    let last = index.last
    let (floor, ceiling) = (index.floor(of: 5000), index.first(atOrAfterPosition: 0))
    let (count, sound, before) = (index.count, index.soundCount, index.count(before: 5000))
    #expect(last == nil && floor == nil && ceiling == nil)
    #expect(count == 0 && sound == 0 && before == 0)

    let times = TimeIndexView(none.span.bytes, baseOffset: Self.base)
    try times.validate()
    let found = times.floor(of: Timestamp(milliseconds: .max))
    #expect(found == nil)
  }

  // MARK: Damage

  /// So ends an index that was preallocated, after a crash.
  @Test func zerosAtTheEndAreNoEntries() throws {
    let entries = Self.offsetEntries(seed: 5)
    let bytes = try encoded(entries) + [UInt8](repeating: 0, count: 80)
    let index = OffsetIndexView(bytes.span.bytes, baseOffset: Self.base)
    let breach = breach(ofOffsetIndex: bytes)
    #expect(breach == FormatBreach(.indexOrder, atByte: 40))
    let (count, sound) = (index.count, index.soundCount)
    #expect(count == 15)
    #expect(sound == 5)
    let last = index.prefix(sound).last
    #expect(last == entries.last)
  }

  @Test func zerosAtTheEndAreNoTimes() throws {
    let entries = Self.timeEntries(seed: 5)
    let bytes = try encoded(entries) + [UInt8](repeating: 0, count: 120)
    let index = TimeIndexView(bytes.span.bytes, baseOffset: Self.base)
    let breach = breach(ofTimeIndex: bytes)
    #expect(breach == FormatBreach(.indexOrder, atByte: 60))
    let sound = index.soundCount
    #expect(sound == 5)
    let last = index.prefix(sound).last
    #expect(last == entries.last)
  }

  @Test func aPrefixIsNeverLongerThanTheWhole() throws {
    let entries = Self.offsetEntries(seed: 5)
    let bytes = try encoded(entries) + [1, 2, 3]
    let index = OffsetIndexView(bytes.span.bytes, baseOffset: Self.base)
    for count in [-1, 0, 1, 5, 6, Int.max] {
      let prefix = index.prefix(count).count
      #expect(prefix == min(max(count, 0), 5))
    }
  }

  private func breach(ofOffsetIndex bytes: [UInt8]) -> FormatBreach? {
    error { try OffsetIndexView(bytes.span.bytes, baseOffset: Self.base).validate() }?.breach
  }

  private func breach(ofTimeIndex bytes: [UInt8]) -> FormatBreach? {
    error { try TimeIndexView(bytes.span.bytes, baseOffset: Self.base).validate() }?.breach
  }

  /// An entry as it lies there, whether or not it may.
  private func offsetEntry(_ offset: Int32, _ position: Int32) -> [UInt8] {
    bigEndian(offset) + bigEndian(position)
  }

  private func timeEntry(_ time: Int64, _ offset: Int32) -> [UInt8] {
    bigEndian(time) + bigEndian(offset)
  }

  @Test func brokenOffsetIndexesAreNamed() {
    let good = offsetEntry(5, 100)
    #expect(breach(ofOffsetIndex: good + offsetEntry(6, 101)) == nil)
    for count in 1...7 {
      let bytes = good + offsetEntry(6, 101)[..<count]
      #expect(breach(ofOffsetIndex: bytes) == FormatBreach(.indexLength, atByte: 8))
    }
    for (offset, position) in [(5, 101), (4, 101), (6, 100), (6, 99)] as [(Int32, Int32)] {
      let bytes = good + offsetEntry(offset, position)
      #expect(breach(ofOffsetIndex: bytes) == FormatBreach(.indexOrder, atByte: 8))
    }
    for (offset, position) in [(-1, 101), (.min, 101), (6, -1), (6, .min)] as [(Int32, Int32)] {
      let bytes = good + offsetEntry(offset, position)
      #expect(breach(ofOffsetIndex: bytes) == FormatBreach(.indexRange, atByte: 8))
      let first = offsetEntry(offset, position)
      #expect(breach(ofOffsetIndex: first) == FormatBreach(.indexRange, atByte: 0))
    }
  }

  @Test func brokenTimeIndexesAreNamed() {
    let good = timeEntry(100, 5)
    #expect(breach(ofTimeIndex: good + timeEntry(101, 5)) == nil)
    for count in 1...11 {
      let bytes = good + timeEntry(101, 6)[..<count]
      #expect(breach(ofTimeIndex: bytes) == FormatBreach(.indexLength, atByte: 12))
    }
    for (time, offset) in [(100, 6), (99, 6), (101, 4)] as [(Int64, Int32)] {
      let bytes = good + timeEntry(time, offset)
      #expect(breach(ofTimeIndex: bytes) == FormatBreach(.indexOrder, atByte: 12))
    }
    for (time, offset) in [(-1, 6), (.min, 6), (101, -1), (101, .min)] as [(Int64, Int32)] {
      let bytes = good + timeEntry(time, offset)
      #expect(breach(ofTimeIndex: bytes) == FormatBreach(.indexRange, atByte: 12))
      let first = timeEntry(time, offset)
      #expect(breach(ofTimeIndex: first) == FormatBreach(.indexRange, atByte: 0))
    }
  }

  // MARK: Limits

  /// 2³¹ − 1 behind the base, and the offset behind that.
  private static let furthest = Offset(rawValue: 1000 + Int64(Int32.max))
  private static let tooFar = furthest.advanced(by: 1)

  @Test func entriesAtTheLimitComeBack() throws {
    let entries = [
      OffsetIndexEntry(offset: Self.base, position: 0),
      OffsetIndexEntry(offset: Self.furthest, position: Int(Int32.max)),
    ]
    let bytes = try encoded(entries)
    let index = OffsetIndexView(bytes.span.bytes, baseOffset: Self.base)
    let (first, last) = (index[0], index[1])
    #expect([first, last] == entries)

    let times = [
      TimeIndexEntry(timestamp: Timestamp(milliseconds: 0), offset: Self.base),
      TimeIndexEntry(timestamp: Timestamp(milliseconds: .max), offset: Self.furthest),
    ]
    let timeBytes = try encoded(times)
    let timeIndex = TimeIndexView(timeBytes.span.bytes, baseOffset: Self.base)
    let (firstTime, lastTime) = (timeIndex[0], timeIndex[1])
    #expect([firstTime, lastTime] == times)
  }

  @Test(arguments: [999, tooFar, -1, Offset(rawValue: .max), Offset(rawValue: .min)])
  func offsetsOfOtherSegmentsAreRefused(offset: Offset) {
    let entry = OffsetIndexEntry(offset: offset, position: 0)
    #expect(error { try encoded([entry]) }?.code == .invalidArgument)
    let time = TimeIndexEntry(timestamp: Timestamp(milliseconds: 0), offset: offset)
    #expect(error { try encoded([time]) }?.code == .invalidArgument)
  }

  @Test(arguments: [-1, 1 << 31, Int.max, Int.min])
  func positionsOfNoSegmentAreRefused(position: Int) {
    let entry = OffsetIndexEntry(offset: Self.base, position: position)
    #expect(error { try encoded([entry]) }?.code == .invalidArgument)
  }

  @Test(arguments: [-1, -2, .min] as [Int64])
  func noTimeIsNotIndexed(time: Int64) {
    let entry = TimeIndexEntry(timestamp: Timestamp(rawValue: time), offset: Self.base)
    #expect(error { try encoded([entry]) }?.code == .invalidArgument)
  }
}
