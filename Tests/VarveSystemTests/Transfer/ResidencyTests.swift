import Glibc
import Testing
import VarveSystem

/// What lies in memory.
@Suite struct ResidencyTests {
  private let bytes = pattern(2 << 20)

  private let ranges = [
    0..<0, 0..<1, 100..<4_096, 4_000..<9_000, 0..<(2 << 20), 1_000_000..<1_500_000,
  ]

  private func isResident(_ file: OpenFile) -> [Bool] {
    ranges.map { file.descriptor.isResident($0) }
  }

  /// Whether a range is found missing once all is dropped. Each is asked for with all dropped anew,
  /// because the kernel reads ahead where it was asked; and what it has in hand at that moment stays,
  /// to drop being advice.
  private func isMissedOnceDropped(_ range: Range<Int>, of file: OpenFile) throws -> Bool {
    for _ in 0..<500 {
      try #require(posix_fadvise(file.descriptor.rawValue, 0, 0, POSIX_FADV_DONTNEED) == 0)
      if !file.descriptor.isResident(range) { return true }
      SystemClock().sleep(nanoseconds: 10_000_000)
    }
    return false
  }

  @Test(.enabled(if: TemporaryDirectory.isOnADevice, TemporaryDirectory.isInMemory))
  func whatWasDroppedIsNotThere() throws {
    let directory = try TemporaryDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write(bytes, at: 0)
    #expect(isResident(file) == [true, true, true, true, true, true])
    try file.syncData()
    for range in ranges.dropFirst() {
      #expect(try isMissedOnceDropped(range, of: file), "\(range)")
    }
    // Of one page, the others are not known. What is read is read ahead, so not in the middle.
    _ = try file.read(bytes.count, at: 0)
    #expect(isResident(file) == [true, true, true, true, true, true])
  }

  @Test(.enabled(if: TemporaryDirectory.isOnADevice, TemporaryDirectory.isInMemory))
  func aHoleInTheMiddleIsSeen() throws {
    let directory = try TemporaryDirectory()
    let file = try OpenFile(directory.path("file"), .creating)
    // By the page: what is written in one is kept in one, and forgotten as a whole.
    for position in stride(from: 0, to: bytes.count, by: 4_096) {
      try file.write(Array(bytes[position..<position + 4_096]), at: position)
    }
    try file.syncData()
    let dropped = 512 << 10..<1 << 20
    try #require(
      posix_fadvise(
        file.descriptor.rawValue, dropped.lowerBound, dropped.count, POSIX_FADV_DONTNEED) == 0)
    #expect(!file.descriptor.isResident(0..<bytes.count))
  }

  @Test func allOfMemoryIsThere() throws {
    let directory = try TemporaryDirectory.onTmpfs()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write(bytes, at: 0)
    #expect(isResident(file) == [true, true, true, true, true, true])
  }
}
