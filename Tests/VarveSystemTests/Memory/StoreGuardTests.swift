import Testing
import VarveSystem

/// Stores that fail, and a process that lives.
@Suite struct StoreGuardTests {
  let mapped: MappedFile
  let page = MappedFile.page

  init() throws {
    mapped = try MappedFile(pages: 2)
    try #require(try StoreGuard.install())
  }

  private func expectTheFileIsUntouched() throws {
    #expect(try mapped.file.status().byteCount == 2 * page)
    #expect(try mapped.file.read(4 * page, at: 0) == pattern(2 * page))
  }

  @Test func installingTwiceIsInstallingOnce() throws {
    #expect(try StoreGuard.install())
    #expect(StoreGuard.isInstalled)
  }

  @Test func aStoreBeyondTheEndIsCounted() throws {
    let position = 2 * page + 10
    mapped.arm()
    mapped.store(42, at: position)
    mapped.store(43, at: position + 1)
    #expect(StoreGuard.disarm() == 1)
    #expect(mapped.load(at: position) == 42)
    #expect(mapped.load(at: position + 1) == 43)
    // The page began as zeros.
    #expect(mapped.load(at: position - 1) == 0)
    try expectTheFileIsUntouched()
  }

  @Test func eachPageIsCounted() throws {
    let bytes = pattern(page + 2)
    mapped.arm()
    bytes.withUnsafeBytes {
      (mapped.mapping.base + 3 * page - 1).copyMemory(
        from: $0.baseAddress.unsafelyUnwrapped, byteCount: page + 1)
    }
    #expect(StoreGuard.disarm() == 2)
    for index in 0..<page + 1 {
      try #require(mapped.load(at: 3 * page - 1 + index) == bytes[index])
    }
    try expectTheFileIsUntouched()
  }

  /// The end of a range need not be that of a page, and what lies before it is repaired.
  @Test func rangesAreExact() {
    mapped.arm(2 * page + 100..<3 * page + 1)
    mapped.store(1, at: 3 * page)
    mapped.store(2, at: 2 * page + 100)
    #expect(StoreGuard.disarm() == 2)
    #expect(mapped.load(at: 3 * page) == 1)
    #expect(mapped.load(at: 2 * page + 100) == 2)
  }

  @Test func nothingIsCountedTwice() {
    mapped.arm()
    mapped.store(1, at: 2 * page)
    #expect(StoreGuard.disarm() == 1)
    mapped.arm()
    mapped.store(2, at: 2 * page)
    mapped.store(3, at: 0)
    #expect(StoreGuard.disarm() == 0)
    #expect(StoreGuard.disarm() == 0)
  }

  @Test func storesThatSucceedReachTheFile() throws {
    mapped.arm()
    mapped.store(7, at: page)
    mapped.store(8, at: 2 * page)
    #expect(StoreGuard.disarm() == 1)
    #expect(try mapped.file.read(1, at: page) == [7])
    #expect(try mapped.file.status().byteCount == 2 * page)
  }

  /// Somebody cuts the file under the mapping: pages that were there are there no more.
  @Test func aFileThatIsCutIsSurvived() throws {
    mapped.arm()
    mapped.store(1, at: page)
    try mapped.file.truncate(to: 100)
    mapped.store(2, at: page)
    mapped.store(3, at: 0)
    #expect(StoreGuard.disarm() == 1)
    #expect(mapped.load(at: page) == 2)
    #expect(try mapped.file.read(page, at: 0) == [3] + pattern(100)[1...])
  }

  /// A repaired page stays out of the file for as long as the mapping lives, and no longer.
  @Test func aNewMappingShowsTheFile() throws {
    mapped.arm()
    mapped.store(1, at: 2 * page)
    #expect(StoreGuard.disarm() == 1)
    try mapped.file.allocate(0..<4 * page)
    mapped.store(2, at: 2 * page)
    #expect(try mapped.file.read(1, at: 2 * page) == [0])
    let second = try mapped.file.map(byteCount: 4 * page)
    second.base.storeBytes(of: 3, toByteOffset: 2 * page, as: UInt8.self)
    #expect(try mapped.file.read(1, at: 2 * page) == [3])
    #expect(mapped.load(at: 2 * page) == 2)
  }

  @Test(.enabled(if: PrivateMount.isAllowed, PrivateMount.refusal))
  func aFullFileSystemIsSurvived() throws {
    try PrivateMount.withTmpfs("size=64k") { directory in
      let file = try OpenFile(directory.path("sparse"), .creating)
      try file.truncate(to: 1 << 17)
      let mapping = try file.map(byteCount: 1 << 17)
      StoreGuard.arm(mapping.base, byteCount: mapping.byteCount)
      for position in stride(from: 0, to: 1 << 17, by: MappedFile.page) {
        mapping.base.storeBytes(of: 1, toByteOffset: position, as: UInt8.self)
      }
      let count = StoreGuard.disarm()
      #expect(count == (1 << 16) / MappedFile.page)
      #expect(try file.status().allocatedByteCount == 1 << 16)
    }
  }

  /// Each thread arms for itself.
  @Test func threadsCountTheirOwnFaults() throws {
    let other = try MappedFile(pages: 2)
    let count = Lock(-1)
    mapped.arm()
    let thread = try OwnedThread(named: "varve-test") {
      other.arm()
      other.store(1, at: 2 * MappedFile.page)
      other.store(1, at: 3 * MappedFile.page)
      let found = StoreGuard.disarm()
      count.withLock { $0 = found }
    }
    thread.join()
    #expect(count.withLock { $0 } == 2)
    mapped.store(1, at: 2 * page)
    #expect(StoreGuard.disarm() == 1)
  }
}
