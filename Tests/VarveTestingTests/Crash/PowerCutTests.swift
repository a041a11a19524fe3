import Testing
import VarveSystem
import VarveTesting

/// What a power cut leaves.
@Suite struct PowerCutTests {
  private static let seeds: Range<UInt64> = 0..<200

  /// A file of two pages of ones whose bytes and name are durable.
  private func durableFile() throws -> (SimulatedFileSystem, Descriptor) {
    let files = SimulatedFileSystem()
    try files.makeFile("a", filled(1, pages: 2), synced: true)
    try files.syncDirectory("/")
    return (files, try files.open("a", .writing))
  }

  /// The distinct outcomes of a power cut over all seeds.
  private func outcomes<Outcome: Hashable>(
    of files: SimulatedFileSystem, _ look: (SimulatedFileSystem) throws -> Outcome
  ) throws -> [Outcome: Int] {
    var found: [Outcome: Int] = [:]
    for seed in Self.seeds {
      let fork = files.fork()
      fork.crash(.power, seed: seed)
      found[try look(fork), default: 0] += 1
    }
    return found
  }

  @Test func whatWasSyncedSurvivesEverySeed() throws {
    let (files, descriptor) = try durableFile()
    try files.write(filled(2, pages: 3), to: descriptor, at: page)
    try files.syncData(descriptor)
    let expected = filled(1, pages: 1) + filled(2, pages: 3)
    #expect(try outcomes(of: files) { try $0.contents(of: "a") }.keys.elementsEqual([expected]))
  }

  @Test func anUnsyncedPageIsKeptDroppedOrTornAtSectors() throws {
    let (files, descriptor) = try durableFile()
    try files.write(filled(2, pages: 1), to: descriptor, at: 0)
    let found = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(found[filled(1, pages: 2)] != nil)
    #expect(found[filled(2, pages: 1) + filled(1, pages: 1)] != nil)
    let torn = found.keys.filter { Set($0[..<page]).count == 2 }
    #expect(torn.count > 5)
    for bytes in found.keys {
      #expect(bytes.count == 2 * page && Set(bytes[page...]) == [1])
      for sector in stride(from: 0, to: page, by: 512) {
        #expect(Set(bytes[sector..<sector + 512]).count == 1)
      }
    }
  }

  @Test func pagesFareEachOnItsOwn() throws {
    let (files, descriptor) = try durableFile()
    try files.write(filled(2, pages: 2), to: descriptor, at: 0)
    let found = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(found[filled(1, pages: 1) + filled(2, pages: 1)] != nil)
    #expect(found[filled(2, pages: 1) + filled(1, pages: 1)] != nil)
    #expect(found[filled(2, pages: 2)] != nil)
    #expect(found[filled(1, pages: 2)] != nil)
  }

  @Test func anExtendedFileHasAnyLengthInBetween() throws {
    let (files, descriptor) = try durableFile()
    try files.write(filled(2, pages: 3) + [2, 2, 2], to: descriptor, at: 2 * page)
    let found = try outcomes(of: files) { try $0.status(at: "a").byteCount }
    #expect(Set(found.keys) == [2 * page, 3 * page, 4 * page, 5 * page, 5 * page + 3])
    // A length without its bytes is zeros.
    let bytes = try outcomes(of: files) { Set(try $0.contents(of: "a")[(2 * page)...]) }
    #expect(bytes[[0]] != nil)
  }

  @Test func anUnsyncedAllocationIsZerosOrMissing() throws {
    let (files, descriptor) = try durableFile()
    try files.allocate(descriptor, 0..<4 * page)
    let found = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(
      Set(found.keys) == [
        filled(1, pages: 2), filled(1, pages: 2) + filled(0, pages: 1),
        filled(1, pages: 2) + filled(0, pages: 2),
      ])
  }

  @Test func anUnsyncedCutIsKeptOrNot() throws {
    let (files, descriptor) = try durableFile()
    try files.truncate(descriptor, to: 100)
    let found = try outcomes(of: files) { try $0.status(at: "a").byteCount }
    #expect(Set(found.keys).isSuperset(of: [100, 2 * page]))
    try files.syncData(descriptor)
    let synced = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(synced.keys.elementsEqual([[UInt8](repeating: 1, count: 100)]))
  }

  /// Extended again after a cut, the file has zeros where the device may still have its old bytes.
  @Test func whatWasCutOffStaysAwayOnceSynced() throws {
    let (files, descriptor) = try durableFile()
    try files.truncate(descriptor, to: 100)
    try files.truncate(descriptor, to: 2 * page)
    let found = try outcomes(of: files) { try $0.contents(of: "a").last }
    #expect(Set(found.keys) == [0, 1])
    try files.syncData(descriptor)
    let expected = [UInt8](repeating: 1, count: 100) + [UInt8](repeating: 0, count: 2 * page - 100)
    #expect(try outcomes(of: files) { try $0.contents(of: "a") }.keys.elementsEqual([expected]))
  }

  @Test func storesIntoAMappingAreUnsyncedToo() throws {
    let (files, descriptor) = try durableFile()
    let mapping = try files.map(descriptor, byteCount: 2 * page)
    mapping.store(filled(2, pages: 1), at: page)
    let found = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(found.count > 5)
    #expect(found[filled(1, pages: 1) + filled(2, pages: 1)] != nil)
    #expect(found[filled(1, pages: 2)] != nil)
    try files.syncData(descriptor)
    let synced = try outcomes(of: files) { try $0.contents(of: "a") }
    #expect(synced.keys.elementsEqual([filled(1, pages: 1) + filled(2, pages: 1)]))
  }

  /// The stores of a mapping that is gone are found as those of one that is there.
  @Test func storesOutliveTheirMapping() throws {
    let (files, descriptor) = try durableFile()
    do {
      let mapping = try files.map(descriptor, byteCount: 2 * page)
      mapping.store([9], at: 0)
    }
    #expect(files.mappingCount == 0)
    try files.syncData(descriptor)
    #expect(try outcomes(of: files) { try $0.contents(of: "a")[0] }.keys.elementsEqual([9]))
  }

  @Test func syncDataLeavesTheTimeBehind() throws {
    let clock = ManualClock()
    let files = SimulatedFileSystem(clock: clock)
    try files.makeFile("a", [1], synced: true)
    try files.syncDirectory("/")
    let before = try files.status(at: "a").modified
    clock.advance(byMilliseconds: 5)
    let descriptor = try files.open("a", .writing)
    try files.write([2], to: descriptor, at: 0)
    try files.syncData(descriptor)
    let found = try outcomes(of: files) { try $0.status(at: "a").modified }
    #expect(Set(found.keys) == [before, before + 5_000_000])
    try files.syncAll(descriptor)
    #expect(try outcomes(of: files) { try $0.status(at: "a").modified }.count == 1)
  }

  @Test func theSameSeedDoesTheSame() throws {
    let (files, descriptor) = try durableFile()
    try files.write(filled(2, pages: 20), to: descriptor, at: page)
    for index in 0..<10 { try files.makeFile("new-\(index)", [UInt8(index)]) }
    for seed in Self.seeds {
      let (first, second) = (files.fork(), files.fork())
      first.crash(.power, seed: seed)
      second.crash(.power, seed: seed)
      #expect(try first.contents(of: "a") == second.contents(of: "a"))
      #expect(try first.list("/") == second.list("/"))
      #expect(try first.bootID() == second.bootID())
    }
  }

  @Test func anotherBootHasAnotherID() throws {
    let files = SimulatedFileSystem()
    var seen = [try files.bootID()]
    for seed in 0..<10 {
      files.crash(.power, seed: UInt64(seed))
      seen.append(try files.bootID())
    }
    #expect(Set(seen).count == 11)
  }

  @Test func whatWasOpenIsGone() throws {
    let (files, descriptor) = try durableFile()
    let mapping = try files.map(descriptor, byteCount: page)
    files.crash(.power, seed: 1)
    #expect(files.openDescriptorCount == 0 && files.mappingCount == 0)
    #expect(systemError { _ = try files.read(descriptor, 1) }?.errno == .badDescriptor)
    let again = try files.open("a", .writing)
    mapping.store([7], at: 0)
    #expect(try files.read(again, 1) == [1])
    #expect(systemError { try mapping.populate(0..<page) }?.errno == .badAddress)
    files.close(descriptor)
    #expect(files.openDescriptorCount == 1)
  }
}
