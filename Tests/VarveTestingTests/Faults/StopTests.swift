import Testing
import VarveSystem
import VarveTesting

/// The world stopped, watched and counted.
@Suite struct StopTests {
  /// Eight mutations, and a store into a mapping between the fifth and the sixth.
  private func work(on files: SimulatedFileSystem) throws {
    let descriptor = try files.open("tmp", .creating)
    try files.allocate(descriptor, 0..<2 * page)
    let mapping = try files.map(descriptor, byteCount: 2 * page)
    try files.write([1], to: descriptor, at: 0)
    try files.syncData(descriptor)
    try files.rename("tmp", to: "a")
    mapping.store([2], at: page)
    try files.syncDirectory("/")
    try files.write([3], to: descriptor, at: 1)
    try files.syncAll(descriptor)
    files.close(descriptor)
  }

  @Test func nothingHappensAfterTheStop() throws {
    let whole = SimulatedFileSystem()
    try work(on: whole)
    #expect(whole.mutationCount == 8)
    for count in 0..<whole.mutationCount {
      let files = SimulatedFileSystem()
      files.stop(afterOperation: count)
      #expect(systemError { try work(on: files) }?.errno == .inputOutput)
      #expect(files.isStopped && files.mutationCount == count)
      #expect(systemError { _ = try files.list("/") }?.errno == .inputOutput)
      files.kill()
      #expect(!files.isStopped)
      let names = try files.list("/")
      #expect(names == (count == 0 ? [] : count < 5 ? ["tmp"] : ["a"]))
      guard count > 1, let name = names.first else { continue }
      let bytes = try files.contents(of: name)
      #expect(bytes[0] == (count > 2 ? 1 : 0))
      // Stores up to the operation that did not happen have.
      #expect(bytes[page] == (count >= 5 ? 2 : 0))
      #expect(bytes[1] == (count >= 7 ? 3 : 0))
    }
    let files = SimulatedFileSystem()
    files.stop(afterOperation: whole.mutationCount)
    try work(on: files)
    #expect(!files.isStopped)
  }

  @Test func storesAfterTheStopChangeNothing() throws {
    let files = SimulatedFileSystem()
    let descriptor = try files.open("a", .creating)
    try files.allocate(descriptor, 0..<page)
    let mapping = try files.map(descriptor, byteCount: page)
    mapping.store([1], at: 0)
    files.stop()
    mapping.store([2], at: 0)
    #expect(mapping.load(0..<1) == [2])
    files.kill()
    #expect(try files.contents(of: "a")[0] == 1)
  }

  @Test func aHookSeesEachMutationBeforeItHappens() throws {
    let seen = Lock([String]())
    let files = SimulatedFileSystem()
    let seenInForks = Lock([Bool]())
    files.onOperation = { [unowned files] call, path in
      seen.withLock { $0.append("\(call) \(path)") }
      if call == .rename { seenInForks.withLock { $0.append(files.fork().exists("tmp")) } }
    }
    try work(on: files)
    #expect(
      seen.withLock { $0 } == [
        "open tmp", "allocate tmp", "write tmp", "syncData tmp", "rename tmp",
        "syncDirectory /", "write tmp", "syncAll tmp",
      ])
    #expect(seenInForks.withLock { $0 } == [true])
  }

  @Test func whatAHookThrowsTheOperationThrows() throws {
    let files = SimulatedFileSystem()
    files.onOperation = { (call, path) throws(SystemError) in
      if call == .makeDirectory { throw SystemError(call, .quota) }
    }
    #expect(systemError { try files.makeDirectory("d") }?.errno == .quota)
    #expect(try files.list("/") == [] && files.mutationCount == 0)
  }

  @Test func operationsAreCountedAndTraced() throws {
    let files = SimulatedFileSystem(traceLimit: 4)
    try work(on: files)
    #expect(files.count(of: .write) == 2 && files.count(of: .syncDirectory) == 1)
    #expect(files.count(of: .unlink) == 0)
    #expect(files.operationCount == 9 && files.openDescriptorCount == 0)
    #expect(systemError { try files.unlink("b") } != nil)
    #expect(
      files.trace.description == """
        #8 pwrite tmp 1+1
        #9 fsync tmp
        #9 close tmp
        #10 unlink b: errno 2
        """)
  }

  @Test func aForkGoesItsOwnWay() throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", [1])
    let descriptor = try files.open("a", .writing)
    let mapping = try files.map(descriptor, byteCount: page)
    let fork = files.fork()
    #expect(fork.openDescriptorCount == 0 && fork.mappingCount == 0)
    mapping.store([2], at: 0)
    try files.makeFile("b")
    #expect(try fork.contents(of: "a") == [1])
    #expect(try fork.list("/") == ["a"])
    try fork.unlink("a")
    #expect(try files.contents(of: "a") == [2])
  }
}
