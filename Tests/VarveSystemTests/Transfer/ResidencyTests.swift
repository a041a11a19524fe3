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

  /// Files of the kernel's own cannot be asked, and have no pages that could be counted.
  @Test func whatCannotBeToldIsNotThere() throws {
    let file = try OpenFile("/proc/self/smaps", .reading)
    for range in [0..<1, 0..<4_096, 0..<100_000] { #expect(!file.descriptor.isResident(range)) }
  }

  @Test func whatIsReadIsThere() {
    #expect(isThere(.all))
    #expect(!isThere(.notAll))
    // Whatever is counted: pages may be cached, and the bytes not yet be there.
    #expect(!isThere(.notAll, cached: 3, hasNoDevice: true))
  }

  /// What cannot be read so is counted, and what cannot be counted lies in memory only where all does.
  @Test func whatCannotBeReadIsCounted() {
    #expect(isThere(.refused, cached: 3))
    #expect(!isThere(.refused, cached: 2, hasNoDevice: true))
    #expect(isThere(.refused, hasNoDevice: true))
    #expect(!isThere(.refused))
  }

  /// Of three pages; nil where pages cannot be counted.
  private func isThere(
    _ reading: Residency.Reading, cached: Int? = nil, hasNoDevice: Bool = false
  ) -> Bool {
    Residency.isThere(
      reading, pages: cached.map { Residency.Pages(count: 3, cached: $0) },
      hasNoDevice: hasNoDevice)
  }

  @Test func nothingIsAskedInVain() {
    var asked: [String] = []
    func pages(_ found: Residency.Pages?) -> Residency.Pages? {
      asked.append("pages")
      return found
    }
    func hasNoDevice() -> Bool {
      asked.append("device")
      return true
    }
    let counted = Residency.Pages(count: 1, cached: 1)
    for reading in [Residency.Reading.all, .notAll] {
      _ = Residency.isThere(reading, pages: pages(nil), hasNoDevice: hasNoDevice())
    }
    #expect(asked == [])
    _ = Residency.isThere(.refused, pages: pages(counted), hasNoDevice: hasNoDevice())
    #expect(asked == ["pages"])
    _ = Residency.isThere(.refused, pages: pages(nil), hasNoDevice: hasNoDevice())
    #expect(asked == ["pages", "pages", "device"])
  }

  @Test func allOfMemoryIsThere() throws {
    let directory = try TemporaryDirectory.onTmpfs()
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write(bytes, at: 0)
    #expect(isResident(file) == [true, true, true, true, true, true])
  }
}
