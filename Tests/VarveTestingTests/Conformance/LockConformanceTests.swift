import Testing
import VarveSystem
import VarveTesting

/// Locks, on file systems of the machine and on the simulated one alike.
@Suite struct LockConformanceTests {
  private let held = SystemError(.lock, .again)

  @Test(arguments: Subject.allCases) func oneDescriptorHasTheLock(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let one = try files.open(place("a"), .creating)
    let other = try files.open(place("a"), .writingOrCreating)
    let reader = try files.open(place("a"), .reading)
    #expect(try files.lockOwner(other) == .nobody)
    try files.lock(one)
    try files.lock(one)
    #expect(try files.lockOwner(one) == .nobody)
    for _ in 0..<2 { #expect(systemError { try files.lock(other) } == held) }
    #expect(try files.lockOwner(other) == .untold)
    #expect(try files.lockOwner(reader) == .untold)
    // Bytes are not kept from anyone.
    try files.write([1], to: other, at: 0)
    // Only its own descriptor takes the lock along.
    files.close(reader)
    files.close(try files.open(place("a"), .writing))
    #expect(systemError { try files.lock(other) } == held)
    files.close(one)
    #expect(try files.lockOwner(other) == .nobody)
    try files.lock(other)
    files.close(other)
  }

  @Test(arguments: Subject.allCases) func aLockIsGivenBack(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let one = try files.open(place("a"), .creating)
    let other = try files.open(place("a"), .writing)
    try files.lock(one)
    // Who has none gives nothing back.
    files.unlock(other)
    #expect(systemError { try files.lock(other) } == held)
    files.unlock(one)
    files.unlock(Descriptor(rawValue: .max))
    try files.lock(other)
    #expect(systemError { try files.lock(one) } == held)
    files.close(one)
    files.close(other)
  }

  @Test(arguments: Subject.allCases) func aLockIsOfAFileAndNotOfItsName(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    let one = try files.open(place("a"), .creating)
    try files.lock(one)
    let before = try files.open(place("a"), .writing)
    try files.rename(place("a"), to: place("b"))
    let renamed = try files.open(place("b"), .writing)
    #expect(systemError { try files.lock(renamed) } == held)
    try files.unlink(place("b"))
    #expect(systemError { try files.lock(before) } == held)
    let next = try files.open(place("b"), .creating)
    try files.lock(next)
    for descriptor in [one, before, renamed, next] { files.close(descriptor) }
  }

  @Test(arguments: Subject.allCases) func whatCannotBeLocked(subject: Subject) throws {
    let place = try subject.makePlace()
    let files = place.files
    try files.makeFile(place("a"))
    let reader = try files.open(place("a"), .reading)
    let directory = try files.open(place.root, .reading)
    for descriptor in [reader, directory, Descriptor(rawValue: .max)] {
      #expect(systemError { try files.lock(descriptor) } == SystemError(.lock, .badDescriptor))
    }
    #expect(
      systemError { _ = try files.lockOwner(Descriptor(rawValue: .max)) }
        == SystemError(.lockOwner, .badDescriptor))
    files.close(reader)
    files.close(directory)
  }

  @Test(arguments: Subject.allCases) func thisProcessLives(subject: Subject) throws {
    let files = try subject.makePlace().files
    let own = try files.currentProcess()
    #expect(try files.currentProcess() == own)
    #expect(try files.bootID() == own.bootID)
    #expect(own.number > 0)
    #expect(!files.hasEnded(own))
    var before = own
    before.startTicks += 1
    #expect(files.hasEnded(before))
    before.hostName += "-2"
    #expect(!files.hasEnded(before))
  }

  @Test(arguments: Crash.allCases) func aCrashEndsLocksAndTheProcess(crash: Crash) throws {
    let files = SimulatedFileSystem()
    try files.makeFile("a", synced: true)
    try files.syncDirectory("/")
    try files.lock(try files.open("a", .writing))
    let process = try files.currentProcess()
    let fork = files.fork()
    try fork.lock(try fork.open("a", .writing))
    files.crash(crash, seed: 0)
    try files.lock(try files.open("a", .writing))
    // In another run of the kernel, a number means nothing.
    #expect(files.hasEnded(process) == (crash == .kill))
    #expect(try files.currentProcess() != process)
  }

  @Test func locksFailWhenTheyAreToldTo() throws {
    let files = SimulatedFileSystem()
    let descriptor = try files.open("a", .creating)
    let count = files.mutationCount
    files.faults = .failing(.lock, on: "a", with: .noLocks)
    #expect(systemError { try files.lock(descriptor) } == SystemError(.lock, .noLocks))
    try files.lock(descriptor)
    #expect(files.count(of: .lock) == 2 && files.mutationCount == count)
  }
}
