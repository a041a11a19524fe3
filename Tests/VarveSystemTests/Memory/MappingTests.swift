import Foundation
import Testing
import VarveSystem

@Suite struct MappingTests {
  let directory: TemporaryDirectory
  let page = MemoryPage.byteCount

  init() throws { directory = try TemporaryDirectory() }

  private func newFile(_ name: String = "file") throws -> OpenFile {
    try OpenFile(directory.path(name), .creating)
  }

  /// This process's table of mappings. Foundation would read its first 4 KiB.
  private func table() throws -> [Substring] {
    let bytes = try OpenFile("/proc/self/maps", .reading).read(1 << 22, at: 0)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  @Test func pagesAreTheSystems() {
    #expect(MemoryPage.byteCount == Int(getpagesize()))
  }

  @Test func readersSeeStores() throws {
    let file = try newFile()
    try file.allocate(0..<3 * page)
    let mapping = try file.map(byteCount: 3 * page)
    #expect(mapping.byteCount == 3 * page)
    let bytes = pattern(page)
    bytes.withUnsafeBytes { memory in
      (mapping.base + page / 2).copyMemory(
        from: memory.baseAddress.unsafelyUnwrapped, byteCount: page)
    }
    #expect(try file.read(page, at: page / 2) == bytes)
    let other = try OpenFile(directory.path("file"), .reading)
    #expect(try other.read(page, at: page / 2) == bytes)
    #expect(try file.status().byteCount == 3 * page)
  }

  @Test func mappingsShowWrites() throws {
    let file = try newFile()
    try file.allocate(0..<page)
    let mapping = try file.map(byteCount: page)
    try file.write([5, 6, 7], at: 100)
    let found = UnsafeRawBufferPointer(start: mapping.base + 99, count: 5)
    #expect(Array(found) == [0, 5, 6, 7, 0])
  }

  /// The file may be given away while it is mapped.
  @Test func mappingsOutliveDescriptors() throws {
    var file: OpenFile? = try newFile()
    try file?.allocate(0..<page)
    let mapping = try #require(try file?.map(byteCount: page))
    file = nil
    mapping.base.storeBytes(of: 9, as: UInt8.self)
    #expect(try OpenFile(directory.path("file"), .reading).read(1, at: 0) == [9])
  }

  // MARK: Giving back

  @Test func memoryIsGivenBackWithItsObject() throws {
    let file = try newFile("a-file-to-map")
    try file.allocate(0..<2 * page)
    var mapping: Mapping? = try file.map(byteCount: 2 * page)
    let base = try #require(mapping?.base)
    let start = String(UInt(bitPattern: base), radix: 16) + "-"
    let lines = try table().filter { $0.hasSuffix("/a-file-to-map") }
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix(start) == true)
    // Shared, to be read and stored to, and not to be run.
    #expect(lines.first?.contains(" rw-s ") == true)
    withExtendedLifetime(mapping) {}
    mapping = nil
    #expect(try !table().contains { $0.hasSuffix("/a-file-to-map") })
  }

  /// Given back twice, it would be somebody else's by then: here, the next mapping's.
  @Test func memoryIsGivenBackOnce() throws {
    let file = try newFile("a-file-to-map-again")
    try file.allocate(0..<page)
    for _ in 0..<100 {
      let first = try file.map(byteCount: page)
      let copy = first
      let second = try file.map(byteCount: page)
      withExtendedLifetime((first, copy)) { #expect(first.base != second.base) }
      second.base.storeBytes(of: 1, as: UInt8.self)
    }
    #expect(try !table().contains { $0.hasSuffix("/a-file-to-map-again") })
    #expect(try file.read(1, at: 0) == [1])
  }

  @Test func memoryOfNoFileIsZeros() throws {
    var memory: AnonymousMemory? = try AnonymousMemory(byteCount: 64 * page)
    let base = try #require(memory?.base)
    #expect(memory?.byteCount == 64 * page)
    #expect(UnsafeRawBufferPointer(start: base, count: 64 * page).allSatisfy { $0 == 0 })
    base.storeBytes(of: 1, toByteOffset: 64 * page - 1, as: UInt8.self)
    #expect(base.load(fromByteOffset: 64 * page - 1, as: UInt8.self) == 1)
    memory = nil
  }

  /// Room that is only reserved: more of it than the machine has memory.
  @Test func memoryOfNoFileTakesNoSpace() throws {
    let memory = try AnonymousMemory(byteCount: 1 << 42)
    memory.base.storeBytes(of: 1, toByteOffset: 1 << 41, as: UInt8.self)
    #expect(memory.base.load(fromByteOffset: 1 << 41, as: UInt8.self) == 1)
    #expect(throws: SystemError(.map, .noMemory)) { try AnonymousMemory(byteCount: 1 << 62) }
    #expect(throws: SystemError(.map, .invalid)) { try AnonymousMemory(byteCount: 0) }
  }
}
