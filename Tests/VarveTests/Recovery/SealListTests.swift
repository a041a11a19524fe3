import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// The seals of a log, and how the file system is asked of their files.
@Suite struct SealListTests {
  private func seal(_ base: Offset, _ inode: Int64) -> Seal {
    Seal(
      baseOffset: base, end: SegmentEnd(offset: base.advanced(by: 1), position: 100), inode: inode,
      modified: 1, digest: SegmentDigest(), maxTimestamp: .at(0), sealedAt: 0)
  }

  @Test func anEmptyOne() {
    #expect(SealList()[7].isEmpty)
    #expect(SealList().segmentCount == 0)
  }

  /// Whatever the order is in which segments were sealed, of one segment it stays.
  @Test(arguments: 0..<20)
  func byBase(_ seed: UInt64) {
    let random = SeededRandom(seed: seed)
    var written: [Seal] = []
    for number in 0..<200 {
      written.append(seal(Offset(rawValue: Int64(random.next() % 60)), Int64(number)))
    }
    let list = SealList(written)
    for base in Offset(0)..<60 {
      #expect(Array(list[base]) == written.filter { $0.baseOffset == base })
    }
    #expect(list.segmentCount == Set(written.map(\.baseOffset)).count)
  }

  /// Of some segments in their order, a few more than are asked for at a time.
  @Test func statusesOfSome() throws {
    let disk = SimulatedFileSystem(clock: ManualClock())
    try disk.makeDirectory("/log")
    let count = LogLimits.statusCount * 2 + 3
    let bases = (0..<count).map { Offset(rawValue: Int64($0)) }
    for base in bases {
      let path = SegmentPath(directory: "/log", baseOffset: base).log
      try OpenFile(path, .creating, in: disk).truncate(to: Int(base.rawValue))
    }
    for step in [1, 2, 7, LogLimits.statusCount, LogLimits.statusCount + 1] {
      var statuses = SegmentStatuses(bases[...], in: "/log", disk)
      for base in stride(from: 0, to: count, by: step) {
        #expect(try statuses.status(of: Offset(rawValue: Int64(base))).byteCount == base)
      }
    }
    // One that was passed, and one that nobody spoke of.
    var few = SegmentStatuses(bases[10..<20], in: "/log", disk)
    for base in [12, 11, 30, 3, 13, 19, 20] {
      #expect(try few.status(of: Offset(rawValue: Int64(base))).byteCount == base)
    }
    try disk.unlink(SegmentPath(directory: "/log", baseOffset: 5).log)
    var statuses = SegmentStatuses(bases[...], in: "/log", disk)
    #expect {
      _ = try statuses.status(of: 0)
    } throws: {
      ($0 as? SystemError)?.errno == .noSuchFile
    }
  }
}
