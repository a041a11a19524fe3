import Testing
import VarveSystem
import VarveTesting

/// Names, on file systems of the machine and on the simulated one alike.
@Suite struct NameConformanceTests {
  @Test(arguments: Subject.allCases) func aFileIsOpenedAsAsked(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    for mode in [OpenMode.reading, .writing] {
      #expect(
        systemError { _ = try files.open(place("a"), mode) }
          == SystemError(.open, .noSuchFile))
    }
    files.close(try files.open(place("a"), .creating))
    #expect(
      systemError { _ = try files.open(place("a"), .creating) } == SystemError(.open, .exists))
    for mode in [OpenMode.reading, .writing, .writingOrCreating] {
      files.close(try files.open(place("a"), mode))
    }
    files.close(try files.open(place("b"), .writingOrCreating))
    #expect(try files.list(place.root).sorted() == ["a", "b"])
  }

  @Test(arguments: Subject.allCases) func aRenameReplaces(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"), [1])
    try files.makeFile(place("b"), [2])
    let replaced = try files.open(place("b"), .writing)
    let inode = try files.status(at: place("a")).inode
    try files.rename(place("a"), to: place("b"))
    #expect(try files.list(place.root) == ["b"])
    #expect(try files.contents(of: place("b")) == [1])
    #expect(try files.status(at: place("b")).inode == inode)
    #expect(try files.read(replaced, 1) == [2])
    files.close(replaced)
    // To itself, nothing happens.
    try files.rename(place("b"), to: place("b"))
    #expect(try files.contents(of: place("b")) == [1])
  }

  @Test(arguments: Subject.allCases) func manyStatusesAreThoseOfEach(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"), [1])
    try files.makeFile(place("b"), [1, 2])
    let found = try files.statuses(of: ["b", "a"], in: place.root)
    #expect(found == [try files.status(at: place("b")), try files.status(at: place("a"))])
    #expect(
      systemError { _ = try files.statuses(of: ["a", "c"], in: place.root) }
        == SystemError(.status, .noSuchFile))
  }

  @Test(arguments: Subject.allCases) func anOpenFileOutlivesItsName(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"), [1])
    let descriptor = try files.open(place("a"), .writing)
    try files.unlink(place("a"))
    #expect(try files.list(place.root) == [])
    try files.write([2], to: descriptor, at: 1)
    try files.syncData(descriptor)
    // Another file may have the name at once.
    try files.makeFile(place("a"), [7])
    #expect(try files.read(descriptor, 8) == [1, 2])
    #expect(try files.contents(of: place("a")) == [7])
    files.close(descriptor)
  }

  @Test(arguments: Subject.allCases) func directoriesNest(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeDirectory(place("d"))
    try files.makeDirectory(place("d/e"))
    try files.makeFile(place("d/e/a"), [1])
    #expect(try files.status(at: place("d/e")).kind == .directory)
    #expect(try files.list(place("d")) == ["e"])
    try files.rename(place("d/e"), to: place("f"))
    #expect(try files.list(place.root).sorted() == ["d", "f"])
    #expect(try files.contents(of: place("f/a")) == [1])
    try files.rename(place("f/a"), to: place("d/b"))
    #expect(try files.contents(of: place(".//d/./b")) == [1])
    for path in ["d", "f", "."] { try files.syncDirectory(place(path)) }
    // An empty directory is replaced by another.
    try files.rename(place("d"), to: place("f"))
    #expect(try files.contents(of: place("f/b")) == [1])
  }

  @Test(arguments: Subject.allCases) func whatIsMissingIsAnError(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let (none, below) = (place("none"), place("none/a"))
    for path in [none, below] {
      #expect(systemError { _ = try files.status(at: path) } == SystemError(.status, .noSuchFile))
      #expect(systemError { try files.unlink(path) } == SystemError(.unlink, .noSuchFile))
      #expect(systemError { _ = try files.list(path) } == SystemError(.list, .noSuchFile))
      #expect(
        systemError { try files.rename(path, to: place("b")) }
          == SystemError(.rename, .noSuchFile))
      #expect(
        systemError { try files.syncDirectory(path) } == SystemError(.syncDirectory, .noSuchFile))
    }
    #expect(systemError { _ = try files.open(below, .creating) }?.errno == .noSuchFile)
    #expect(systemError { try files.makeDirectory(below) }?.errno == .noSuchFile)
    try files.makeFile(place("a"))
    #expect(systemError { try files.rename(place("a"), to: below) }?.errno == .noSuchFile)
    #expect(systemError { _ = try files.status(at: "") }?.errno == .noSuchFile)
  }

  @Test(arguments: Subject.allCases) func filesAreNoDirectories(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"))
    let below = place("a/b")
    let calls: [() throws -> Void] = [
      { _ = try files.open(below, .reading) }, { _ = try files.open(below, .creating) },
      { _ = try files.status(at: below) }, { try files.unlink(below) },
      { try files.makeDirectory(below) }, { _ = try files.list(below) },
      { _ = try files.list(place("a")) }, { try files.syncDirectory(place("a")) },
      { try files.rename(below, to: place("c")) }, { try files.rename(place("a"), to: below) },
    ]
    for call in calls { #expect(systemError(call)?.errno == .notDirectory) }
  }

  @Test(arguments: Subject.allCases) func directoriesAreNoFiles(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeDirectory(place("d"))
    try files.makeDirectory(place("full"))
    try files.makeFile(place("full/a"))
    try files.makeFile(place("a"))
    #expect(systemError { _ = try files.open(place("d"), .writing) }?.errno == .isDirectory)
    #expect(
      systemError { _ = try files.open(place("d"), .writingOrCreating) }?.errno == .isDirectory)
    #expect(systemError { _ = try files.open(place("d"), .creating) }?.errno == .exists)
    #expect(systemError { try files.unlink(place("d")) }?.errno == .isDirectory)
    #expect(systemError { try files.makeDirectory(place("d")) }?.errno == .exists)
    #expect(systemError { try files.makeDirectory(place("a")) }?.errno == .exists)
    #expect(systemError { try files.rename(place("a"), to: place("d")) }?.errno == .isDirectory)
    #expect(systemError { try files.rename(place("d"), to: place("a")) }?.errno == .notDirectory)
    #expect(systemError { try files.rename(place("d"), to: place("full")) }?.errno == .notEmpty)
    #expect(systemError { try files.rename(place("d"), to: place("d/e")) }?.errno == .invalid)
  }

  @Test(arguments: Subject.allCases) func namesHave255BytesAtMost(subject: Subject) throws {
    let place = try subject.makePlace()
    try place.files.makeFile(place(String(repeating: "a", count: 255)))
    let tooLong = place(String(repeating: "a", count: 256))
    #expect(systemError { try place.files.makeFile(tooLong) }?.errno == .nameTooLong)
  }
}
