import Testing
import VarveSystem
import VarveTesting

/// Bytes, on file systems of the machine and on the simulated one alike.
@Suite struct ByteConformanceTests {
  @Test(arguments: Subject.allCases) func whatIsWrittenIsRead(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1, 2, 3, 4], to: descriptor, at: 0)
    try files.write([9, 9], to: descriptor, at: 1)
    #expect(try files.read(descriptor, 10) == [1, 9, 9, 4])
    #expect(try files.read(descriptor, 2, at: 2) == [9, 4])
    #expect(try files.read(descriptor, 2, at: 4) == [])
    #expect(try files.read(descriptor, 2, at: 400) == [])
    #expect(try files.status(of: descriptor).byteCount == 4)
    #expect(try files.status(of: descriptor).kind == .file)
  }

  @Test(arguments: Subject.allCases) func aWriteBeyondTheEndLeavesZeros(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1], to: descriptor, at: 0)
    try files.write([2], to: descriptor, at: 3 * page + 5)
    let expected = [1] + [UInt8](repeating: 0, count: 3 * page + 4) + [2]
    #expect(try files.read(descriptor, 8 * page) == expected)
    let status = try files.status(of: descriptor)
    #expect(status.byteCount == 3 * page + 6)
    #expect(status.allocatedByteCount == 2 * page)
  }

  @Test(arguments: Subject.allCases) func aCutRemovesAndExtendsWithZeros(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write(filled(1, pages: 3), to: descriptor, at: 0)
    try files.truncate(descriptor, to: 10)
    #expect(try files.read(descriptor, page) == [UInt8](repeating: 1, count: 10))
    try files.truncate(descriptor, to: 2 * page)
    let expected = [UInt8](repeating: 1, count: 10) + [UInt8](repeating: 0, count: 2 * page - 10)
    #expect(try files.read(descriptor, 3 * page) == expected)
    try files.truncate(descriptor, to: 0)
    #expect(try files.status(of: descriptor).allocatedByteCount == 0)
  }

  @Test(arguments: Subject.allCases) func anAllocationExtendsWithZeros(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1, 1], to: descriptor, at: 0)
    try files.allocate(descriptor, 0..<4 * page)
    let status = try files.status(of: descriptor)
    #expect(status.byteCount == 4 * page && status.allocatedByteCount >= 4 * page)
    #expect(try files.read(descriptor, page) == [1, 1] + [UInt8](repeating: 0, count: page - 2))
    // What is there is left alone, and the file is not cut.
    try files.allocate(descriptor, 0..<page)
    try files.allocate(descriptor, 0..<0)
    #expect(try files.status(of: descriptor).byteCount == 4 * page)
    #expect(try files.read(descriptor, 2) == [1, 1])
  }

  @Test(arguments: Subject.allCases) func aResidentReadIsARead(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1, 2, 3], to: descriptor, at: 0)
    var bytes = [UInt8](repeating: 0, count: 8)
    let found = try bytes.withUnsafeMutableBytes { memory -> Int? in
      try files.readResident(descriptor, into: memory, at: 1)
    }
    if let found { #expect(bytes[..<found] == [2, 3]) }
  }

  @Test(arguments: Subject.allCases) func syncsAndTimes(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = try files.open(place("a"), .creating)
    defer { files.close(descriptor) }
    try files.write([1], to: descriptor, at: 0)
    try files.setModified(descriptor, to: 1_234_567_890_123_000_000)
    #expect(try files.status(of: descriptor).modified == 1_234_567_890_123_000_000)
    #expect(try files.status(at: place("a")).modified == 1_234_567_890_123_000_000)
    try files.syncData(descriptor)
    try files.syncAll(descriptor)
    try files.syncDirectory(place.root)
    try files.write([2], to: descriptor, at: 0)
    #expect(try files.status(of: descriptor).modified != 1_234_567_890_123_000_000)
  }

  @Test(arguments: Subject.allCases) func spaceIsTakenAndGivenBack(subject: Subject) throws {
    let place = try subject.makePlace()
    let space = try place.files.space(at: place.root)
    #expect(space.freeByteCount > 0 && space.freeByteCount <= space.totalByteCount)
    #expect(try place.files.bootID() == place.files.bootID())
    #expect(systemError { _ = try place.files.space(at: place("none")) }?.errno == .noSuchFile)
  }

  @Test(arguments: Subject.allCases) func bytesRefuseWhatTheyMust(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"), [1, 2, 3])
    let reader = try files.open(place("a"), .reading)
    #expect(systemError { try files.write([1], to: reader, at: 0) }?.errno == .badDescriptor)
    #expect(systemError { try files.truncate(reader, to: 0) }?.errno == .invalid)
    #expect(systemError { try files.allocate(reader, 0..<page) }?.errno == .badDescriptor)
    #expect(systemError { _ = try files.map(reader, byteCount: page) }?.errno == .accessDenied)
    #expect(systemError { _ = try files.read(reader, 1, at: -1) }?.errno == .invalid)
    try files.syncData(reader)
    files.close(reader)

    let writer = try files.open(place("a"), .writing)
    #expect(systemError { try files.write([1], to: writer, at: -1) }?.errno == .invalid)
    #expect(systemError { try files.truncate(writer, to: -1) }?.errno == .invalid)
    #expect(systemError { try files.allocate(writer, -4..<4) }?.errno == .invalid)
    #expect(systemError { _ = try files.map(writer, byteCount: 0) }?.errno == .invalid)
    files.close(writer)

    let directory = try files.open(place.root, .reading)
    #expect(try files.status(of: directory).kind == .directory)
    #expect(systemError { _ = try files.read(directory, 1) }?.errno == .isDirectory)
    #expect(systemError { _ = try files.map(directory, byteCount: page) }?.errno == .accessDenied)
    files.close(directory)
  }

  /// A number that no descriptor has: one that was closed may have been given to another thread.
  @Test(arguments: Subject.allCases) func aBadDescriptorIsAnError(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let descriptor = Descriptor(rawValue: 1_000_000_000)
    let calls: [() throws -> Void] = [
      { _ = try files.status(of: descriptor) }, { _ = try files.read(descriptor, 1) },
      { try files.write([1], to: descriptor, at: 0) },
      { try files.allocate(descriptor, 0..<page) }, { try files.truncate(descriptor, to: 0) },
      { try files.syncData(descriptor) }, { try files.syncAll(descriptor) },
      { try files.setModified(descriptor, to: 0) },
      { _ = try files.map(descriptor, byteCount: page) },
    ]
    for call in calls { #expect(systemError(call)?.errno == .badDescriptor) }
    files.close(descriptor)
  }
}
