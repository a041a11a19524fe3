import Testing
import VarveSystem

/// What is wrong with pages is thrown before anybody stores to them.
@Suite struct PopulatingTests {
  let page = MemoryPage.byteCount

  private func newFile(in directory: TemporaryDirectory) throws -> OpenFile {
    try OpenFile(directory.path("file"), .creating)
  }

  private func directories() throws -> [TemporaryDirectory] {
    [try TemporaryDirectory(), try TemporaryDirectory.onTmpfs()]
  }

  @Test func allocatedPagesAreReady() throws {
    for directory in try directories() {
      let file = try newFile(in: directory)
      try file.allocate(0..<8 * page)
      let mapping = try file.map(byteCount: 8 * page)
      try mapping.populate(0..<8 * page)
      // Of pages, all that hold one of the bytes.
      try mapping.populate(page + 1..<page + 2)
      try mapping.populate(page - 1..<page + 1)
      try mapping.populate(8 * page - 1..<8 * page)
      mapping.base.storeBytes(of: 1, toByteOffset: 8 * page - 1, as: UInt8.self)
      #expect(try file.read(page, at: 7 * page).last == 1)
      #expect(try file.status().byteCount == 8 * page)
    }
  }

  /// What is there stays.
  @Test func bytesStayWhatTheyAre() throws {
    for directory in try directories() {
      let file = try newFile(in: directory)
      try file.write(pattern(4 * page), at: 0)
      try file.map(byteCount: 4 * page).populate(0..<4 * page)
      #expect(try file.read(4 * page, at: 0) == pattern(4 * page))
    }
  }

  /// A hole becomes pages with space of their own, as a store would make it.
  @Test func holesAreFilled() throws {
    for directory in try directories() {
      let file = try newFile(in: directory)
      try file.truncate(to: 8 * page)
      #expect(try file.status().allocatedByteCount == 0)
      try file.map(byteCount: 8 * page).populate(2 * page..<4 * page)
      try file.syncData()
      #expect(try file.status().allocatedByteCount >= 2 * page)
    }
  }

  @Test func beyondTheEndIsABadAddress() throws {
    for directory in try directories() {
      let file = try newFile(in: directory)
      try file.allocate(0..<page + 1)
      let mapping = try file.map(byteCount: 8 * page)
      // The rest of the last page is there, though it is not the file's.
      try mapping.populate(0..<2 * page)
      #expect(throws: SystemError(.populate, .badAddress)) { try mapping.populate(0..<3 * page) }
      #expect(throws: SystemError(.populate, .badAddress)) {
        try mapping.populate(7 * page..<8 * page)
      }
      #expect(try file.status().byteCount == page + 1)
    }
  }

  @Test func nothingIsAlwaysReady() throws {
    let directory = try TemporaryDirectory()
    let mapping = try newFile(in: directory).map(byteCount: 4 * page)
    // Nothing of this mapping is in the file, and of no bytes that is no error.
    try mapping.populate(0..<0)
    try mapping.populate(page + 1..<page + 1)
    try mapping.populate(4 * page..<4 * page)
    #expect(throws: SystemError(.populate, .badAddress)) { try mapping.populate(0..<1) }
  }

  @Test(.enabled(if: PrivateMount.isAllowed, PrivateMount.refusal))
  func fullFileSystemsAreABadAddressToo() throws {
    try PrivateMount.withTmpfs("size=64k") { directory in
      let page = MemoryPage.byteCount
      let file = try OpenFile(directory.path("sparse"), .creating)
      try file.truncate(to: 1 << 17)
      let mapping = try file.map(byteCount: 1 << 17)
      #expect(throws: SystemError(.populate, .badAddress)) { try mapping.populate(0..<1 << 17) }
      // Up to there it went.
      #expect(try file.status().allocatedByteCount == 1 << 16)
      try mapping.populate(0..<1 << 16)
      mapping.base.storeBytes(of: 1, toByteOffset: (1 << 16) - page, as: UInt8.self)
      #expect(try file.read(1, at: (1 << 16) - page) == [1])
    }
  }
}
