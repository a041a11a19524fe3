import Testing
import VarveSystem
import VarveTesting

@testable import Varve

@Suite struct SideFileTests {
  private let disk: SimulatedFileSystem
  private let boot = BootID(rawValue: 9)

  init() throws {
    disk = SimulatedFileSystem()
    try disk.makeDirectory("/log")
    try disk.syncDirectory("/")
  }

  private func open(
    _ disk: SimulatedFileSystem? = nil
  ) throws -> (file: SideFile, contents: SideFile.Contents?) {
    try SideFile.open(in: "/log", disk ?? self.disk, bootID: boot)
  }

  private func contents(_ disk: SimulatedFileSystem? = nil) throws -> SideFile.Contents {
    try #require(SideFile.read(in: "/log", disk ?? self.disk))
  }

  private func mark(_ offset: Int64) -> DurableMark {
    DurableMark(offset: Offset(rawValue: offset), segmentBase: 0, position: Int(offset) * 10)
  }

  private func record(_ durable: Int64) -> SideRecord {
    SideRecord(state: .open, bootID: 9, sealedBelow: 0, durable: mark(durable))
  }

  /// The seal of the nth segment; one that was made again differs.
  private func seal(_ number: Int, life: Int64 = 1) -> SideEntry {
    let base = Int64(number) * 10
    return .seal(
      Seal(
        baseOffset: Offset(rawValue: base),
        end: SegmentEnd(offset: Offset(rawValue: base + 10), position: 100), inode: life,
        modified: life, digest: SegmentDigest(), maxTimestamp: .none, sealedAt: 0))
  }

  private func damage(_ number: Int, _ from: Int64 = 2) -> SideEntry {
    .damage(damagedRange(number, from))
  }

  private func damagedRange(_ number: Int, _ from: Int64 = 2) -> DamagedRange {
    let base = Offset(rawValue: Int64(number) * 10)
    return DamagedRange(
      segmentBaseOffset: base, offsets: base.advanced(by: Int(from))..<base.advanced(by: 5),
      positions: 20..<50)
  }

  @Test func entriesGrowOverPages() throws {
    let file = try open().file
    try file.start(record(0), entries: [])
    let perPage = 4096 / SideEntry.byteCount
    for number in 0..<perPage * 2 + 3 {
      try file.update(adding: [seal(number)]) { $0.sealedBelow = .init(rawValue: Int64(number)) }
      let found = try contents()
      #expect(found.record.entryCount == number + 1 && found.seals.segmentCount == number + 1)
    }
    // Many at once, over a page's end, and more than a page.
    let many = (100..<100 + perPage * 3).map { seal($0) } + [damage(100)]
    try file.update(adding: many)
    let found = try contents()
    #expect(found.seals.segmentCount == perPage * 5 + 3)
    #expect(found.damage == [1000: [damagedRange(100)]])
    #expect(found.damage(of: 1000) == [damagedRange(100)])
    #expect(found.damage(of: 10) == [])
  }

  @Test func aNoteSaysMoreThanTheRecord() throws {
    let file = try open().file
    try file.start(record(5), entries: [])
    #expect(try contents().durableEnd == 5)
    for durable: Int64 in [7, 6, 9] {
      file.note(mark(durable))
      #expect(try contents().durableEnd == Offset(rawValue: max(7, durable)))
    }
    #expect(try contents().record.durable == mark(9))
    try file.update { $0.state = .closed }
    #expect(try contents().record.durable == mark(9))
    // What is sealed is durable, too.
    try file.update { $0.sealedBelow = 12 }
    #expect(try contents().durableEnd == 12)
  }

  /// Notes are not synced: a power cut may take them, and leaves what was synced.
  @Test(arguments: 0..<20)
  func aNoteIsLostOrTrue(_ seed: UInt64) throws {
    let file = try open().file
    try file.start(record(5), entries: [])
    try disk.syncDirectory("/log")
    file.note(mark(7))
    file.note(mark(9))
    disk.crash(.power, seed: seed)
    #expect(try [5, 7, 9].contains(contents().durableEnd))
  }

  @Test func everyBitOfANoteCounts() throws {
    let note = SideNote(durable: mark(7), generation: 3)
    let bytes = note.encoded()
    #expect(bytes.count == SideNote.byteCount)
    #expect(SideNote.parse(bytes.span.bytes) == note)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(SideNote.parse(flipped.span.bytes) == nil, "bit \(bit)")
    }
    for count in 0..<bytes.count {
      let part = Array(bytes[..<count])
      #expect(SideNote.parse(part.span.bytes) == nil)
    }
  }

  /// A log that somebody else has cut begins a life with less: what the note of the life before
  /// said holds no longer, whatever a power cut leaves of the record and of the note.
  @Test(arguments: 0..<40)
  func aNoteOfAnEarlierLife(_ seed: UInt64) throws {
    var file = try open().file
    try file.start(record(5), entries: [])
    try file.update { ($0.state, $0.durable) = (.closed, mark(90)) }
    try disk.syncDirectory("/log")
    file = try open().file
    disk.faults = .failing(.syncData, with: .inputOutput)
    #expect(throws: SystemError.self) { try file.start(record(20), entries: []) }
    disk.faults = .none
    disk.crash(.power, seed: seed)
    let found = try contents()
    #expect(found.durableEnd == (found.record.state == .closed ? 90 : 20))
  }

  @Test func entriesThatAreThereStay() throws {
    try open().file.start(record(0), entries: [damage(0), seal(0), seal(1)])
    let (file, found) = try open()
    #expect(found?.seals.segmentCount == 2)
    let written = disk.operationCount(of: .write)
    try file.start(record(20), entries: [damage(0), seal(0), seal(1)])
    // The note and the record.
    #expect(disk.operationCount(of: .write) == written + 2)
    #expect(try contents().seals.segmentCount == 2 && contents().damage == [0: [damagedRange(0)]])
    try open().file.start(record(30), entries: [damage(0), seal(0), seal(1), seal(2)])
    #expect(try contents().seals.segmentCount == 3)
    #expect(try contents().record.entryCount == 4)
    // Fewer, or others.
    try open().file.start(record(30), entries: [damage(1), seal(1)])
    #expect(try contents().seals.segmentCount == 1 && contents().damage == [10: [damagedRange(1)]])
  }

  /// Whatever a crash leaves of entries, also where others stood before: where a segment's seal is
  /// found, all that is known to be lost of it is found as well.
  @Test(arguments: 0...3)
  func newEntriesInThePlaceOfOldOnes(_ shift: Int) throws {
    // So many that what belongs together lies on two pages, before or behind.
    let common = (0..<4096 / SideEntry.byteCount - 2).map { seal($0) }
    let tail = [damage(50), seal(50), damage(51), damage(51, 3), seal(51), seal(52)]
    try open().file.start(record(600), entries: common + tail)
    try disk.syncDirectory("/log")
    let new = Array(common.dropFirst(shift)) + [seal(49)] + tail
    for point in 1... {
      let fork = disk.fork()
      let file = try open(fork).file
      fork.stop(afterOperation: fork.mutationCount + point)
      let isDone = (try? file.start(record(600), entries: new)) != nil
      for seed: UInt64 in 0..<20 {
        let wreck = fork.fork()
        wreck.crash(.power, seed: seed)
        let found = try contents(wreck)
        for (base, ranges): (Offset, [DamagedRange]) in [
          (500, [damagedRange(50)]), (510, [damagedRange(51), damagedRange(51, 3)]), (520, []),
        ] where !found.seals[base].isEmpty {
          #expect(Set(found.damage(of: base)) == Set(ranges), "operation \(point), seed \(seed)")
        }
      }
      if isDone { break }
    }
  }

  /// Where there is no space for an entry, opening looks at that segment again.
  @Test func aFullDisk() throws {
    let file = try open().file
    try file.start(record(0), entries: [])
    let perPage = 4096 / SideEntry.byteCount
    disk.faults = .full(at: 0)
    for number in 0..<perPage + 5 {
      try file.update(adding: [seal(number)]) { $0.sealedBelow = .init(rawValue: Int64(number)) }
      #expect(try contents().record.sealedBelow == .init(rawValue: Int64(number)))
      #expect(try contents().seals.segmentCount == min(number + 1, perPage))
    }
    disk.faults = .none
    try file.update(adding: [seal(70)])
    #expect(try contents().seals.segmentCount == perPage + 1)
    #expect(try contents().seals[700].count == 1)
    disk.faults = .failing(.write, with: .inputOutput)
    #expect(throws: SystemError(.write, .inputOutput)) { try file.update { $0.state = .closed } }
    #expect(try contents().record.state == .open)
  }

  /// Entries that a life of the log cannot begin without.
  @Test func aFullDiskAndEntriesThatAreNeeded() throws {
    let file = try open().file
    let entries = (0..<4096 / SideEntry.byteCount + 1).map { seal($0) }
    disk.faults = .full(at: 0)
    #expect(throws: SystemError(.write, .noSpace)) {
      try file.start(record(5), entries: entries, needsAll: true)
    }
    #expect(try contents().record.state == .closed && contents().durableEnd == 0)
    try file.start(record(5), entries: entries)
    #expect(try contents().record.state == .open && contents().durableEnd == 5)
    disk.faults = .none
    try open().file.start(record(6), entries: entries, needsAll: true)
    #expect(try contents().seals.segmentCount == entries.count)
  }

  /// What a record says of entries is believed as far as the file reaches.
  @Test(arguments: [3, 1 << 50])
  func moreEntriesThanThereIsRoomFor(_ count: Int) throws {
    try open().file.start(record(0), entries: [seal(0), seal(1)])
    var wrong = record(0)
    wrong.entryCount = count
    let bytes = wrong.encoded(generation: 100)
    try OpenFile("/log/varve.side", .writing, in: disk).write(bytes.span.bytes, at: 0)
    let (file, found) = try open()
    #expect(found?.seals.segmentCount == 2)
    try file.start(record(5), entries: [seal(0), seal(2), seal(3)])
    #expect(try [0, 10, 20, 30].filter { try !contents().seals[$0].isEmpty } == [0, 20, 30])
    #expect(try contents().record.entryCount == 3)
  }

  @Test func whatIsNotASideFile() throws {
    for bytes in [[], [1], [UInt8](repeating: 0, count: 1 << 16)] as [[UInt8]] {
      let file = try OpenFile("/log/varve.side", .writingOrCreating, in: disk)
      try file.truncate(to: 0)
      try file.write(bytes.span.bytes, at: 0)
      #expect(SideFile.read(in: "/log", disk) == nil)
      let (side, found) = try open()
      #expect(found == nil)
      try side.start(record(3), entries: [seal(0)])
      #expect(try contents().durableEnd == 3)
    }
  }
}
