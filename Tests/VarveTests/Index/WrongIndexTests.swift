import Foundation
import Testing
import VarveSystem

@testable import Varve

/// An index is a hint: whatever its files hold, look-ups find what a full scan finds, somebody hears
/// of it, and the files become right again.
@Suite struct WrongIndexTests {
  /// A log of three segments at rest, of which the second one's index files are to be damaged.
  private struct Rest {
    let directory: String
    let configuration: LogConfiguration
    let all: [StoredRecord]
    let victim: SegmentOnDisk
    let other: SegmentOnDisk

    init(_ place: Place, _ directory: String, time: (Int64) -> Int64) throws {
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.indexIntervalByteCount = 400
      let world = ManualWorld()
      let log = try world.open(directory, configuration)
      var number: Int64 = 0
      while log.segments.count < 4 {
        number += 1
        try log.append(
          Record(
            value: [UInt8](repeating: 0, count: Int(number * 37 % 90)),
            timestamp: .at(time(number))))
        world.settle()
      }
      all = try log.stored()
      try log.closeNow()
      self.directory = directory
      self.configuration = configuration
      let segments = try LogOnDisk(directory: directory).segments
      victim = segments[1]
      other = segments[2]
    }

    func open(_ world: ManualWorld, _ observer: EventRecorder) throws -> Log {
      var configuration = configuration
      configuration.observer = observer
      return try world.open(directory, configuration)
    }
  }

  private func write(_ bytes: [UInt8]?, to path: String) throws {
    guard let bytes else { return try FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func expectLookUps(_ log: Log, _ all: [StoredRecord], stride step: Int) throws {
    for each in all[1...] where each.offset.rawValue % Int64(step) == 0 {
      #expect(try log.recordNow(at: each.offset) == each.record, "offset \(each.offset)")
      #expect(try log.stored(from: .offset(each.offset)).first == each)
    }
    let times = Set(
      all.flatMap { record -> [Int64] in
        let time = record.record.timestamp?.rawValue ?? -1
        return [time, time + 1]
      })
    for time in times where time % Int64(step) == 0 {
      let truth = all.first { ($0.record.timestamp?.rawValue ?? -1) >= time }
      #expect(try log.firstNow(at: .at(time))?.offset == truth?.offset, "time \(time)")
    }
  }

  /// What a file may hold instead of what it should.
  private func damages(
    _ right: [UInt8], _ other: [UInt8], entry: Int, seed: UInt64
  ) -> [(name: String, bytes: [UInt8]?)] {
    var random = SplitMix(seed: seed)
    var found: [(String, [UInt8]?)] = [
      ("missing", nil), ("another segment's", other),
      ("zeros", [UInt8](repeating: 0, count: right.count)),
      ("one zero entry", [UInt8](repeating: 0, count: entry)),
      ("zeros behind", right + [UInt8](repeating: 0, count: entry * 3)),
      ("huge", [UInt8](repeating: 0xff, count: 1 << 16)),
    ]
    for count in 0..<right.count { found.append(("cut at \(count)", Array(right[..<count]))) }
    for round in 0..<8 { found.append(("random \(round)", random.bytes(right.count))) }
    // Entries that are whole and in order, and wrong.
    for round in 0..<8 {
      var bytes = right
      let at = Int.random(in: 0..<right.count / entry, using: &random) * entry
      for position in at..<at + entry where position % 4 == 3 {
        bytes[position] ^= UInt8.random(in: 1...7, using: &random)
      }
      found.append(("slightly wrong \(round)", bytes))
    }
    return found
  }

  @Test(arguments: Place.all)
  func offsetIndexes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let rest = try Rest(place, directory) { $0 * 3 }
      let right = try #require(rest.victim.offsetIndex)
      let other = try #require(rest.other.offsetIndex)
      #expect(right.count >= 5 * OffsetIndexEntry.byteCount)
      for damage in damages(right, other, entry: OffsetIndexEntry.byteCount, seed: 1) {
        try write(damage.bytes, to: rest.victim.path.offsetIndex)
        let (world, observer) = (ManualWorld(), EventRecorder())
        let log = try rest.open(world, observer)
        try expectLookUps(log, rest.all, stride: 11)
        world.settle()
        try log.closeNow()
        try expectRebuilt(rest, observer, damage.name)
      }
    }
  }

  @Test(arguments: Place.all, [0, 1])
  func timeIndexes(_ place: Place, _ shape: Int) async throws {
    try await place.withDirectory { directory in
      let rest = try Rest(place, directory) { shape == 0 ? $0 * 3 : $0 * 7919 % 1000 }
      let right = try #require(rest.victim.timeIndex)
      let other = try #require(rest.other.timeIndex)
      for damage in damages(right, other, entry: TimeIndexEntry.byteCount, seed: 2) {
        try write(damage.bytes, to: rest.victim.path.timeIndex)
        let (world, observer) = (ManualWorld(), EventRecorder())
        let log = try rest.open(world, observer)
        try expectLookUps(log, rest.all, stride: 11)
        world.settle()
        try log.closeNow()
        try expectRebuilt(rest, observer, damage.name)
      }
    }
  }

  /// Whoever was told that an index is wrong finds it right afterwards; and one that is not right
  /// and that nobody was told of is a hint all the same, though a poorer one.
  private func expectRebuilt(
    _ rest: Rest, _ observer: EventRecorder, _ name: String
  ) throws {
    let now = try SegmentOnDisk(rest.directory, rest.victim.baseOffset)
    let isRight =
      now.offsetIndex == rest.victim.offsetIndex && now.timeIndex == rest.victim.timeIndex
    #expect(observer.failures.isEmpty)
    #expect(Set(observer.wrongIndexes).isSubset(of: [rest.victim.baseOffset]), "\(name)")
    #expect(Set(observer.rebuiltIndexes) == Set(observer.wrongIndexes), "\(name)")
    if !observer.wrongIndexes.isEmpty { #expect(isRight, "\(name)") }
    let isPoorer =
      name.hasPrefix("cut at") || name.hasPrefix("slightly wrong") || name == "one zero entry"
    #expect(!observer.wrongIndexes.isEmpty || isPoorer, "\(name)")
    try write(rest.victim.offsetIndex, to: rest.victim.path.offsetIndex)
    try write(rest.victim.timeIndex, to: rest.victim.path.timeIndex)
  }

  /// Each file of every segment is gone, as after a restore of the logs alone.
  @Test(arguments: Place.all)
  func noIndexesAtAll(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let rest = try Rest(place, directory) { $0 * 3 }
      let segments = try LogOnDisk(directory: directory).segments
      for segment in segments {
        try write(nil, to: segment.path.offsetIndex)
        try write(nil, to: segment.path.timeIndex)
      }
      let (world, observer) = (ManualWorld(), EventRecorder())
      let log = try rest.open(world, observer)
      try expectLookUps(log, rest.all, stride: 1)
      // Nothing is left for maintenance: closing writes what is to be written.
      try log.closeNow()
      let after = try LogOnDisk(directory: directory).segments
      #expect(after.map(\.offsetIndex) == segments.map(\.offsetIndex))
      #expect(after.map(\.timeIndex) == segments.map(\.timeIndex))
      #expect(observer.wrongIndexes.sorted() == segments.dropLast().map(\.baseOffset))
    }
  }

  /// Who only reads writes nothing, and finds everything.
  @Test(arguments: Place.all)
  func forThoseWhoOnlyRead(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let rest = try Rest(place, directory) { $0 * 3 }
      try write([1, 2, 3], to: rest.victim.path.offsetIndex)
      let world = ManualWorld()
      let observer = EventRecorder()
      var configuration = rest.configuration
      configuration.observer = observer
      let log = try world.open(directory, configuration, mode: .readOnly)
      try expectLookUps(log, rest.all, stride: 1)
      world.settle()
      #expect(observer.wrongIndexes == [rest.victim.baseOffset])
      #expect(observer.rebuiltIndexes.isEmpty)
      #expect(try SegmentOnDisk(directory, rest.victim.baseOffset).offsetIndex == [1, 2, 3])
    }
  }
}
