import Testing
import VarveSystem
import VarveTesting

/// Mapped memory, on file systems of the machine and on the simulated one alike.
@Suite struct MappingConformanceTests {
  @Test(arguments: Subject.allCases) func storesAndCallsSeeEachOther(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.allocate(descriptor, 0..<4 * page)
    try files.write([1, 2, 3], to: descriptor, at: page)
    let mapping = try files.map(descriptor, byteCount: 4 * page)
    #expect(mapping.load(page..<page + 4) == [1, 2, 3, 0])
    mapping.store([7, 8], at: page + 1)
    #expect(try files.read(descriptor, 4, at: page) == [1, 7, 8, 0])
    try files.write([9], to: descriptor, at: page + 2)
    #expect(mapping.load(page..<page + 4) == [1, 7, 9, 0])
    #expect(try files.contents(of: place("a")).count == 4 * page)
  }

  @Test(arguments: Subject.allCases) func mappingsOfAFileAreOneMemory(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    try files.allocate(descriptor, 0..<2 * page)
    let first = try files.map(descriptor, byteCount: 2 * page)
    do {
      let second = try files.map(descriptor, byteCount: page)
      second.store([5], at: 10)
    }
    files.close(descriptor)
    #expect(first.load(10..<11) == [5])
    // It outlives the descriptor, and the name.
    try files.unlink(place("a"))
    first.store([6], at: 11)
    #expect(first.load(10..<12) == [5, 6])
  }

  @Test(arguments: Subject.allCases) func aMappingReachesBeyondTheEnd(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1], to: descriptor, at: 0)
    let mapping = try files.map(descriptor, byteCount: 16 * page)
    try files.allocate(descriptor, 0..<8 * page)
    mapping.store([2], at: 7 * page)
    #expect(try files.read(descriptor, 1, at: 7 * page) == [2])
    try files.write([3], to: descriptor, at: 15 * page)
    #expect(mapping.load(15 * page..<15 * page + 1) == [3])
    try files.truncate(descriptor, to: 2 * page)
    try files.truncate(descriptor, to: 8 * page)
    #expect(mapping.load(7 * page..<7 * page + 1) == [0])
  }

  @Test(arguments: Subject.allCases) func populatingFailsBeyondTheEnd(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.allocate(descriptor, 0..<2 * page)
    let mapping = try files.map(descriptor, byteCount: 4 * page)
    let within = systemError { try mapping.populate(0..<2 * page) }
    if within?.errno == .invalid { return }  // a kernel before 5.14
    #expect(within == nil)
    #expect(systemError { try mapping.populate(100..<200) } == nil)
    let beyond = systemError { try mapping.populate(2 * page..<3 * page) }
    #expect(beyond == SystemError(.populate, .badAddress))
  }

  /// A file that was not mapped for long has moved and grown by then.
  @Test(arguments: Subject.allCases) func aFileGrowsWhileItIsMapped(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1], to: descriptor, at: 0)
    try files.write([2], to: descriptor, at: 40 << 20)
    #expect(try files.read(descriptor, 1) == [1])
    let mapping = try files.map(descriptor, byteCount: page)
    mapping.store([4], at: 1)
    try files.write([3], to: descriptor, at: 60 << 20)
    #expect(mapping.load(0..<2) == [1, 4])
    #expect(try files.read(descriptor, 1, at: 40 << 20) == [2])
  }
}
