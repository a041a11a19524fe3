import Glibc
import Testing
import VarveSystem

/// What is written, read and measured.
@Suite struct BytesTests {
  enum Place: CaseIterable, CustomTestStringConvertible {
    case temporary, tmpfs
    var testDescription: String { self == .tmpfs ? "in memory" : "in the temporary directory" }

    func newDirectory() throws -> TemporaryDirectory {
      self == .tmpfs ? try .onTmpfs() : try TemporaryDirectory()
    }
  }

  @Test(arguments: Place.allCases) func readsAreShortAtTheEndAlone(place: Place) throws {
    let directory = try place.newDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    let bytes = pattern(10_000)
    try file.write(bytes, at: 0)
    #expect(try file.read(10_000, at: 0) == bytes)
    #expect(try file.read(10_001, at: 0) == bytes)
    #expect(try file.read(4_096, at: 8_000) == Array(bytes[8_000...]))
    #expect(try file.read(1, at: 9_999) == [bytes[9_999]])
    #expect(try file.read(1, at: 10_000) == [])
    #expect(try file.read(1, at: 1 << 40) == [])
    #expect(try file.read(0, at: 0) == [])
  }

  @Test(arguments: Place.allCases) func writesOverwriteAndExtend(place: Place) throws {
    let directory = try place.newDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write([1, 2, 3, 4], at: 0)
    try file.write([9, 9], at: 1)
    try file.write([7], at: 6)
    #expect(try file.read(100, at: 0) == [1, 9, 9, 4, 0, 0, 7])
  }

  @Test(arguments: Place.allCases) func writingNothingChangesNothing(place: Place) throws {
    let directory = try place.newDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write([], at: 0)
    try file.write([], at: 100)
    #expect(try file.status().byteCount == 0)
    try PosixFileSystem().write(
      file.descriptor, from: UnsafeRawBufferPointer(start: nil, count: 0), at: 0)
    #expect(try file.read(1, at: 0) == [])
  }

  /// No position is cut to 32 bits on its way, with or without a sign.
  @Test(arguments: Place.allCases) func positionsReachBeyond4GiB(place: Place) throws {
    let directory = try place.newDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    let places: [Int] = [1 << 31, 1 << 32, 3 << 31, 1 << 36]
    for (index, place) in places.enumerated() {
      // Across the border.
      try file.write([UInt8(index + 1), UInt8(index + 101)], at: place - 1)
    }
    for (index, place) in places.enumerated() {
      let found = try file.read(2, at: place - 1)
      #expect(found == [UInt8(index + 1), UInt8(index + 101)])
    }
    #expect(try file.read(2, at: 0) == [0, 0])
    #expect(try file.status().byteCount == (1 << 36) + 1)
    #expect(try file.status().allocatedByteCount < 1 << 20)
    try file.truncate(to: (1 << 32) + 7)
    #expect(try file.status().byteCount == (1 << 32) + 7)
    try file.allocate(1 << 33..<(1 << 33) + 10)
    #expect(try file.status().byteCount == (1 << 33) + 10)
    #expect(try file.status().allocatedByteCount < 1 << 20)
  }

  // MARK: What lies in memory

  @Test(arguments: Place.allCases) func writtenBytesAreResident(place: Place) throws {
    let directory = try place.newDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    let bytes = pattern(10_000)
    try file.write(bytes, at: 0)
    // nil where the file system cannot tell, as tmpfs cannot; never wrong bytes.
    if let found = try file.readResident(20_000, at: 0) { #expect(found == bytes) }
    if let found = try file.readResident(100, at: 9_950) {
      #expect(found == Array(bytes[9_950...]))
    }
    if let found = try file.readResident(1, at: 10_000) { #expect(found == []) }
    if let found = try file.readResident(1, at: 1 << 40) { #expect(found == []) }
    let kind = try PosixFileSystem().space(at: directory.path).kind
    if kind == .ext4 || kind == .xfs {
      #expect(try file.readResident(1, at: 5) == [bytes[5]])
    }
  }

  /// Where the descriptor stands is never asked for, nor moved.
  @Test func positionsAreNotTheDescriptors() throws {
    let directory = try TemporaryDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write(pattern(100), at: 0)
    try #require(lseek(file.descriptor.rawValue, 50, SEEK_SET) == 50)
    #expect(throws: SystemError(.readResident, .invalid)) { try file.readResident(10, at: -1) }
    _ = try file.read(10, at: 3)
    _ = try file.readResident(10, at: 3)
    try file.write([1], at: 7)
    #expect(lseek(file.descriptor.rawValue, 0, SEEK_CUR) == 50)
  }

  /// Bytes that the kernel was asked to forget are not waited for.
  @Test func forgottenBytesAreNotWaitedFor() throws {
    let directory = try TemporaryDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    let bytes = pattern(1 << 16)
    try file.write(bytes, at: 0)
    try file.syncAll()
    try #require(posix_fadvise(file.descriptor.rawValue, 0, 0, POSIX_FADV_DONTNEED) == 0)
    // The kernel may keep them all the same, or have some back.
    if let found = try file.readResident(1 << 16, at: 0) {
      #expect(found == Array(bytes.prefix(found.count)))
    }
    #expect(try file.read(1 << 16, at: 0) == bytes)
  }
}
