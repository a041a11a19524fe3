import Testing
import VarveSystem
import VarveTesting

/// What is left of a process that was killed: everything.
@Suite struct KillTests {
  @Test func allThatWasWrittenOrStoredIsThere() throws {
    let files = SimulatedFileSystem()
    let descriptor = try files.open("a", .creating)
    try files.allocate(descriptor, 0..<4 * page)
    let mapping = try files.map(descriptor, byteCount: 4 * page)
    mapping.store(filled(3, pages: 1), at: page)
    try files.write([5], to: descriptor, at: 3 * page)
    try files.makeDirectory("d")
    try files.rename("a", to: "d/b")
    let boot = try files.bootID()

    files.kill()
    #expect(try files.bootID() == boot)
    #expect(try files.list("/") == ["d"])
    let expected =
      filled(0, pages: 1) + filled(3, pages: 1) + filled(0, pages: 1) + [5]
      + [UInt8](repeating: 0, count: page - 1)
    #expect(try files.contents(of: "d/b") == expected)
  }

  @Test func whatWasOpenIsGone() throws {
    let files = SimulatedFileSystem()
    let descriptor = try files.open("a", .creating)
    try files.write([1], to: descriptor, at: 0)
    let mapping = try files.map(descriptor, byteCount: page)
    files.kill()
    #expect(files.openDescriptorCount == 0 && files.mappingCount == 0)
    #expect(systemError { try files.syncData(descriptor) }?.errno == .badDescriptor)
    mapping.store([9], at: 0)
    #expect(try files.contents(of: "a") == [1])
  }

  @Test func nothingIsMoreDurableForIt() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", filled(1, pages: 1), synced: true)
    try files.syncDirectory("/")
    let descriptor = try files.open("a", .writing)
    try files.write(filled(2, pages: 1), to: descriptor, at: 0)
    files.kill()
    var found: Set<UInt8> = []
    for seed in 0..<50 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      found.insert(try fork.contents(of: "a")[0])
    }
    #expect(found == [1, 2])
  }

  @Test func aFileWithoutANameIsGoneWithItsLastDescriptor() throws {
    let files = SimulatedFileSystem(totalByteCount: 100 * page)
    let descriptor = try files.open("a", .creating)
    try files.write(filled(1, pages: 10), to: descriptor, at: 0)
    try files.unlink("a")
    #expect(try files.space(at: "/").freeByteCount == 90 * page)
    files.kill()
    #expect(try files.space(at: "/").freeByteCount == 100 * page)
  }
}
