import Testing
import VarveSystem
import VarveTesting

/// What goes wrong when it is told to.
@Suite struct FaultTests {
  @Test func theNthCallFailsOnce() throws {
    let files = SimulatedFileSystem()
    let descriptor = try files.open("a", .creating)
    files.faults = .failing(.write, number: 2, with: .inputOutput)
    try files.write([1], to: descriptor, at: 0)
    #expect(try files.read(descriptor, 1) == [1])
    #expect(
      systemError { try files.write([2], to: descriptor, at: 0) }
        == SystemError(.write, .inputOutput))
    try files.write([3], to: descriptor, at: 0)
    #expect(try files.read(descriptor, 1) == [3])
  }

  @Test func orFromThenOn() throws {
    let files = SimulatedFileSystem()
    files.faults = .failing(number: 3, with: .noMemory, fromThenOn: true)
    try files.makeDirectory("a")
    _ = try files.list("a")
    for _ in 0..<3 { #expect(systemError { _ = try files.list("a") }?.errno == .noMemory) }
    #expect(systemError { try files.makeDirectory("b") }?.errno == .noMemory)
    files.faults = .none
    #expect(try files.list("/") == ["a"])
  }

  @Test func onlyOnTheFilesThatAreMeant() throws {
    let files = SimulatedFileSystem()
    files.faults = .failing(.open, on: ".index", with: .tooManyFiles, fromThenOn: true)
    try files.makeFile("0.log")
    #expect(systemError { try files.makeFile("0.index") }?.errno == .tooManyFiles)
    #expect(try files.list("/") == ["0.log"])
  }

  @Test func aWriteThatFailsHasWrittenAnyPart() throws {
    var counts: Set<Int> = []
    for seed in 0..<50 {
      let files = SimulatedFileSystem(seed: UInt64(seed))
      let descriptor = try files.open("a", .creating)
      files.faults = .failing(.write, with: .inputOutput)
      #expect(systemError { try files.write([1, 2, 3], to: descriptor, at: 0) } != nil)
      let bytes = try files.read(descriptor, 3)
      #expect([1, 2, 3].starts(with: bytes))
      counts.insert(bytes.count)
    }
    #expect(counts == [0, 1, 2, 3])
  }

  /// What Linux does: the pages are clean, later syncs succeed, and the device has nothing.
  @Test func aFailedSyncMarksPagesClean() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", filled(1, pages: 3), synced: true)
    try files.syncDirectory("/")
    let descriptor = try files.open("a", .writing)
    try files.write(filled(2, pages: 1), to: descriptor, at: 0)
    let mapping = try files.map(descriptor, byteCount: 3 * page)
    mapping.store(filled(2, pages: 1), at: page)

    files.faults = .failing(.syncData, with: .inputOutput)
    #expect(systemError { try files.syncData(descriptor) }?.errno == .inputOutput)
    try files.syncData(descriptor)
    #expect(try files.read(descriptor, 3 * page) == filled(2, pages: 2) + filled(1, pages: 1))
    for seed in 0..<50 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      #expect(try fork.contents(of: "a") == filled(1, pages: 3))
    }
    // The kernel of a killed process has what the device has not, and no sync brings it there.
    files.kill()
    #expect(try files.contents(of: "a") == filled(2, pages: 2) + filled(1, pages: 1))
    let again = try files.open("a", .writing)
    try files.syncAll(again)
    let fork = files.fork()
    fork.crash(.power, seed: 0)
    #expect(try fork.contents(of: "a") == filled(1, pages: 3))

    // Written again, with the same bytes even, it is dirty again.
    try files.write(filled(2, pages: 1), to: again, at: 0)
    try files.syncData(again)
    files.crash(.power, seed: 0)
    #expect(try files.contents(of: "a") == filled(2, pages: 1) + filled(1, pages: 2))
  }

  @Test func aReadOnlyDiskIsRead() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1])
    let descriptor = try files.open("a", .writing)
    files.faults = .readOnly
    let calls: [() throws -> Void] = [
      { try files.write([2], to: descriptor, at: 0) }, { try files.truncate(descriptor, to: 0) },
      { try files.allocate(descriptor, 0..<page) }, { try files.syncData(descriptor) },
      { try files.rename("a", to: "b") }, { try files.unlink("a") },
      { try files.makeDirectory("d") }, { _ = try files.open("a", .writing) },
      { _ = try files.open("b", .creating) }, { try files.syncDirectory("/") },
    ]
    for call in calls { #expect(systemError(call)?.errno == .readOnly) }
    #expect(try files.contents(of: "a") == [1])
  }

  @Test func aFullDiskTakesWhatFits() throws {
    let files = SimulatedFileSystem(totalByteCount: 10 * page)
    let descriptor = try files.open("a", .creating)
    try files.allocate(descriptor, 0..<8 * page)
    #expect(try files.space(at: "/").freeByteCount == 2 * page)
    #expect(systemError { try files.allocate(descriptor, 0..<11 * page) }?.errno == .noSpace)
    #expect(try files.status(of: descriptor).byteCount == 8 * page)
    // What was promised is there.
    try files.write(filled(1, pages: 8), to: descriptor, at: 0)
    #expect(
      systemError { try files.write(filled(2, pages: 4), to: descriptor, at: 7 * page) }?.errno
        == .noSpace)
    #expect(try files.status(of: descriptor).byteCount == 10 * page)
    #expect(try files.space(at: "/").freeByteCount == 0)
    try files.makeFile("b")
    // Space comes back with the last use.
    try files.unlink("a")
    #expect(try files.space(at: "/").freeByteCount == 0)
    files.close(descriptor)
    #expect(try files.space(at: "/").freeByteCount == 10 * page)
  }

  @Test func aPlanFillsTheDiskUp() throws {
    let files = SimulatedFileSystem()
    files.faults = .full(at: 2 * page)
    #expect(systemError { try files.makeFile("a", filled(1, pages: 3)) }?.errno == .noSpace)
    #expect(try files.status(at: "a").byteCount == 2 * page)
    files.faults = .none
    try files.makeFile("b", filled(1, pages: 3))
  }

  @Test func pagesOfAHoleTakeSpaceWhenPopulated() throws {
    let files = SimulatedFileSystem(totalByteCount: 4 * page)
    let descriptor = try files.open("a", .creating)
    try files.truncate(descriptor, to: 8 * page)
    let mapping = try files.map(descriptor, byteCount: 8 * page)
    try mapping.populate(0..<4 * page)
    #expect(try files.space(at: "/").freeByteCount == 0)
    #expect(systemError { try mapping.populate(4 * page..<5 * page) }?.errno == .badAddress)
  }

  @Test func readsAreColdAtTimes() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1])
    let descriptor = try files.open("a", .reading)
    files.coldReadOdds = 3
    var bytes: [UInt8] = [0]
    let found = try (0..<100).map { _ in
      try bytes.withUnsafeMutableBytes { memory -> Int? in
        try files.readResident(descriptor, into: memory, at: 0)
      }
    }
    let cold = found.count { $0 == nil }
    #expect(cold > 10 && cold < 70)
    #expect(found.allSatisfy { $0 == nil || $0 == 1 })
  }
}
