import Testing
import VarveSystem
import VarveTesting

/// What a power cut leaves of names.
@Suite struct NameCutTests {
  private func outcomes(
    of files: SimulatedFileSystem, in directory: String = "/"
  ) throws -> Set<[String]> {
    var found: Set<[String]> = []
    for seed in 0..<200 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      found.insert(try fork.list(directory).sorted())
    }
    return found
  }

  @Test func aFileSyncedWithoutItsDirectoryMayHaveNoName() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1], synced: true)
    #expect(try outcomes(of: files) == [[], ["a"]])
    try files.syncDirectory("/")
    #expect(try outcomes(of: files) == [["a"]])
  }

  @Test func aNameSyncedWithoutItsFileMayHaveNoBytes() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1])
    try files.syncDirectory("/")
    var found: Set<[UInt8]> = []
    for seed in 0..<100 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      found.insert(try fork.contents(of: "a"))
    }
    #expect(found == [[], [0], [1]])
  }

  @Test func anySubsetOfNewNamesIsLost() throws {
    let files = SimulatedFileSystem()
    for name in ["a", "b", "c"] { try files.makeFile(name) }
    #expect(try outcomes(of: files).count == 8)
  }

  @Test func anUnlinkedNameMayComeBack() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1], synced: true)
    try files.syncDirectory("/")
    try files.unlink("a")
    #expect(try outcomes(of: files) == [["a"], []])
    for seed in 0..<100 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      #expect(try !fork.exists("a") || fork.contents(of: "a") == [1])
    }
    try files.syncDirectory("/")
    #expect(try outcomes(of: files) == [[]])
  }

  @Test func aRenameIsDoneOrNotAndNeverHalf() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("old", [1], synced: true)
    try files.makeFile("new", [2], synced: true)
    try files.syncDirectory("/")
    try files.rename("new", to: "old")
    var found: Set<String> = []
    for seed in 0..<100 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      let names = try fork.list("/").sorted()
      found.insert(try names.map { "\($0)=\(try fork.contents(of: $0)[0])" }.joined(separator: " "))
    }
    #expect(found == ["new=2 old=1", "old=2"])
    try files.syncDirectory("/")
    #expect(try outcomes(of: files) == [["old"]])
  }

  @Test func aRenameThatNeedsALostNameIsLostToo() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", synced: true)
    try files.rename("a", to: "b")
    #expect(try outcomes(of: files) == [[], ["a"], ["b"]])
  }

  /// A file that was moved and whose old name was given away is nowhere lost: where the second
  /// operation is kept without the first, it has nothing to stand on.
  @Test func aDurableFileIsNeverLostByMovingIt() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("log", [1], synced: true)
    try files.syncDirectory("/")
    try files.makeFile("next", [2], synced: true)
    try files.rename("log", to: "log.old")
    try files.rename("next", to: "log")
    for names in try outcomes(of: files) {
      #expect(names.contains("log") || names.contains("log.old"), "\(names)")
    }
    for seed in 0..<200 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(seed))
      let bytes = try fork.list("/").map { try fork.contents(of: $0) }
      #expect(bytes.filter { $0 == [1] }.count == 1)
    }
  }

  @Test func aDirectoryThatLostItsNameTakesItsFilesAlong() throws {
    let files = SimulatedFileSystem()
    try files.makeDirectory("d")
    try files.makeFile("d/a", [1], synced: true)
    try files.syncDirectory("d")
    #expect(try outcomes(of: files) == [[], ["d"]])
    try files.syncDirectory("/")
    #expect(try outcomes(of: files, in: "d") == [["a"]])
  }

  /// Unless it was durable before it was moved there.
  @Test func aDurableFileMovedIntoANewDirectoryIsNotLostWithIt() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1], synced: true)
    try files.syncDirectory("/")
    try files.makeDirectory("d")
    try files.rename("a", to: "d/a")
    for syncs in [false, true] {
      if syncs { try files.syncDirectory("d") }
      for seed in 0..<100 {
        let fork = files.fork()
        fork.crash(.power, seed: UInt64(seed))
        #expect(fork.exists("a") != fork.exists("d/a"))
        #expect(!syncs || fork.exists("d/a"))
      }
    }
  }

  @Test func aSyncOfADirectoryTakesAlongWhatItBuiltUpon() throws {
    let files = SimulatedFileSystem()
    for name in ["from", "to"] { try files.makeDirectory(name) }
    try files.syncDirectory("/")
    try files.makeFile("from/a", [1], synced: true)
    try files.makeFile("from/other")
    try files.rename("from/a", to: "to/a")
    try files.syncDirectory("to")
    #expect(try outcomes(of: files, in: "to") == [["a"]])
    #expect(try outcomes(of: files, in: "from") == [[], ["other"]])
  }

  /// Names are made, moved and removed at random; whatever is kept of it is a tree in which each
  /// file has one name.
  @Test(arguments: 0..<40) func whatIsLeftIsATree(seed: UInt64) throws {
    let files = SimulatedFileSystem()
    var random = SplitMix(seed: seed)
    var directories = ["/d0", "/d1", "/d2"]
    for path in directories { try files.makeDirectory(path) }
    func anyDirectory() -> String { directories[random.number(below: directories.count)] }
    for step in 0..<60 {
      let path = "\(anyDirectory())/\(random.number(below: 4))"
      switch random.number(below: 8) {
      case 0, 1, 2: try? files.makeFile(path)
      case 3: try? files.unlink(path)
      case 4: try? files.syncDirectory(anyDirectory())
      case 5:
        let moved = "\(anyDirectory())/m\(step)"
        if systemError({ try files.rename(anyDirectory(), to: moved) }) == nil {
          directories.append(moved)
        }
      default: try? files.rename(path, to: "\(anyDirectory())/\(random.number(below: 4))")
      }
    }
    for cut in 0..<20 {
      let fork = files.fork()
      fork.crash(.power, seed: UInt64(cut))
      var seen: Set<Int64> = []
      var rest = ["/"]
      while let path = rest.popLast() {
        let status = try fork.status(at: path)
        #expect(seen.insert(status.inode).inserted)
        if status.kind == .directory { rest += try fork.list(path).map { path + "/" + $0 } }
      }
    }
  }
}
