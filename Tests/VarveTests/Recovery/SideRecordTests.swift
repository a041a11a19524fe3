import Foundation
import Testing
import VarveSystem

@testable import Varve

@Suite struct SideRecordTests {
  private let closed = SideRecord(
    state: .closed, bootID: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, sealedBelow: 77,
    durable: DurableMark(offset: 99, segmentBase: 77, position: 12_345), entryCount: 3,
    last: SideRecord.LastSegment(
      baseOffset: 77, end: SegmentEnd(offset: 99, position: 12_345), inode: 17,
      modified: 1_700_000_000_123_456_789, created: 1_700_000_000_000, maxTimestamp: .at(5),
      maxTimestampOffset: 80, firstTimestamp: .none, leaderEpoch: 3,
      digest: SegmentDigest(rawValue: 12), abortedCount: 4),
    restingEpoch: LeaderEpochStart(epoch: 0, startOffset: 78))

  private let open = SideRecord(
    state: .open, bootID: 1, sealedBelow: 0,
    durable: DurableMark(offset: 0, segmentBase: 0, position: 0),
    restingEpoch: LeaderEpochStart(epoch: .init(rawValue: .max), startOffset: 5))

  private func parse(_ bytes: [UInt8]) -> (record: SideRecord, generation: Int64)? {
    SideRecord.parse(bytes.span.bytes)
  }

  @Test(arguments: [0, 1, Int64.max / 2])
  func whatIsWrittenIsRead(_ generation: Int64) {
    for record in [closed, open] {
      let bytes = record.encoded(generation: generation)
      #expect(bytes.count == SideRecord.byteCount)
      #expect(parse(bytes)?.record == record)
      #expect(parse(bytes)?.generation == generation)
    }
  }

  /// A count that goes on where it can go no further would end the process.
  @Test(arguments: [-1, Int64.min, Int64.max / 2 + 1, .max])
  func nobodyCountsSoFar(_ generation: Int64) {
    #expect(parse(closed.encoded(generation: generation)) == nil)
  }

  @Test func everyBitCounts() {
    let bytes = closed.encoded(generation: 5)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(parse(flipped) == nil, "bit \(bit)")
    }
  }

  @Test func aSlotThatIsNotThere() {
    let bytes = closed.encoded(generation: 5)
    for count in 0..<bytes.count { #expect(parse(Array(bytes[..<count])) == nil) }
    #expect(parse([UInt8](repeating: 0, count: SideRecord.byteCount)) == nil)
    // Half of a newer record over an older one.
    let newer = open.encoded(generation: 6)
    for count in 13..<100 {
      #expect(parse(Array(newer[..<count]) + Array(bytes[count...])) == nil)
    }
  }

  /// Whatever a crash leaves of the slot that is being written, the one before it is there.
  @Test(arguments: Place.all)
  func aTornUpdateLeavesTheOneBefore(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let fileSystem = UnsyncedFileSystem()
      let path = directory + "/" + LogFileNames.sideFile
      let (file, found) = try SideFile.open(
        in: directory, fileSystem, bootID: BootID(rawValue: 9))
      #expect(found == nil)
      #expect(SideFile.read(in: directory, fileSystem) == nil)
      var before: [UInt8] = []
      for number: Int64 in 1...5 {
        before = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        try file.update { $0.sealedBelow = Offset(rawValue: number) }
        #expect(SideFile.read(in: directory, fileSystem)?.record.sealedBelow.rawValue == number)
      }
      let after = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(after.count == before.count)
      let changed = after.indices.filter { after[$0] != before[$0] }
      let (first, last) = (try #require(changed.first), try #require(changed.last))
      // One slot, and the note behind both, which may be torn on its own.
      let note = 2 * 4096
      #expect(first / 4096 == 1 && last / 4096 <= 2)
      for cut in first..<changed.filter({ $0 < note }).max()! {
        let torn = Array(after[...cut]) + Array(before[(cut + 1)...])
        try Data(torn).write(to: URL(fileURLWithPath: path))
        let found = SideFile.read(in: directory, fileSystem)?.record.sealedBelow.rawValue
        #expect(found == 4, "torn at \(cut)")
        // And the next update does not go over it.
      }
      let (again, record) = try SideFile.open(
        in: directory, fileSystem, bootID: BootID(rawValue: 9))
      #expect(record?.record.sealedBelow == 4)
      try again.update { $0.state = .closed }
      #expect(SideFile.read(in: directory, fileSystem)?.record.state == .closed)
      #expect(SideFile.read(in: directory, fileSystem)?.record.sealedBelow == 4)
    }
  }
}
