import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Locks of directories on a disk that fails, and after crashes.
@Suite struct LockFaultTests {
  private let clock = ManualClock()
  private let disk: SimulatedFileSystem
  private var environment: LogEnvironment {
    LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 1))
  }

  init() throws {
    disk = SimulatedFileSystem(clock: clock)
    try disk.makeDirectory("/log")
  }

  private func open() throws -> Log {
    try Log.open(at: "/log", runtime: LogRuntime(steppedBy: clock), environment: environment)
  }

  private func openNow() throws { try open().closeNow() }

  /// What leads to the lock throws; what is said about it need not be.
  @Test(arguments: [Errno.inputOutput, .noSpace, .accessDenied, .tooManyFiles, .notSupported])
  func anyCallMayFail(errno: Errno) throws {
    var (number, refusals, successes) = (0, 0, 0)
    while true {
      number += 1
      disk.faults = .failing(number: number, with: errno)
      let before = disk.operationCount
      let lock: DirectoryLock?
      do throws(LogError) {
        lock = try DirectoryLock.take(in: "/log", environment)
        successes += 1
      } catch {
        lock = nil
        refusals += 1
        #expect(error.message.contains("/log"))
        #expect(error.code == errno.code)
      }
      let count = disk.operationCount - before
      disk.faults = .none
      if let lock {
        #expect(error { try DirectoryLock.take(in: "/log", environment) }?.code == .locked)
        lock.release()
        #expect(try disk.list("/log") == [])
        if count < number { break }
      }
      #expect(disk.openDescriptorCount == 0)
      // Nothing is locked, and nothing is in the way.
      try DirectoryLock.take(in: "/log", environment).release()
      #expect(try disk.list("/log") == [])
    }
    #expect(refusals >= 3 && successes >= 4)
  }

  @Test(arguments: [Errno.noLocks, .notSupported, .notImplemented])
  func fileSystemsWithoutLocks(errno: Errno) throws {
    disk.faults = .failing(.lock, with: errno, fromThenOn: true)
    let error = error { try openNow() }
    #expect(error?.code == .unsupported)
    #expect(error?.systemCall == .init(name: SystemCall.lock.rawValue, errno: errno.rawValue))
    #expect(disk.openDescriptorCount == 0)
  }

  /// A lock without a word about it, on a device that has no room for one, nor for the log.
  @Test func aFullDisk() throws {
    disk.faults = .full(at: 0)
    let lock = try DirectoryLock.take(in: "/log", environment)
    #expect(try disk.list("/log") == [".lock"])
    let refusal = error { try DirectoryLock.take(in: "/log", environment) }
    #expect(refusal?.code == .locked && refusal?.holder == nil)
    lock.release()
    #expect(error { try openNow() }?.code == .full)
    disk.faults = .none
    try openNow()
  }

  @Test func anOpeningThatFailsGivesTheLockUp() throws {
    disk.faults = .failing(.list, with: .inputOutput)
    #expect(error { try openNow() }?.code == .device)
    #expect(disk.openDescriptorCount == 0)
    #expect(try disk.list("/log") == [])
    try openNow()
  }

  @Test(arguments: Crash.allCases) func afterACrash(crash: Crash) throws {
    let log = try open()
    try log.append(Record(value: "x"))
    try disk.syncDirectory("/log")
    let before = try #require(DirectoryLock.readNote(in: "/log", disk))
    #expect(error { try open() }?.code == .locked)
    disk.crash(crash, seed: 0)
    #expect(try Set(disk.list("/log")).isSuperset(of: [".lock", "varve.holder"]))
    let again = try open()
    let note = try #require(DirectoryLock.readNote(in: "/log", disk))
    #expect(note.process.number != before.process.number)
    try again.closeNow()
    #expect(try Set(disk.list("/log")).isDisjoint(with: [".lock", "varve.holder"]))
  }

  /// A log that does not close well is closed, and its directory free.
  @Test(arguments: [
    (SystemCall.syncData, LogError.Code.device), (.syncDirectory, .device), (.rename, .device),
  ])
  func aCloseThatFails(call: SystemCall, code: LogError.Code) throws {
    let log = try open()
    try log.append(Record(value: "x"))
    disk.faults = .failing(call, with: .inputOutput)
    #expect(error { try log.closeNow() }?.code == code)
    let again = try open()
    #expect(again.end == 1)
    // The old one has nothing to give up any more.
    try log.closeNow()
    #expect(error { try open() }?.code == .locked)
    try again.closeNow()
  }

  @Test func aPoisonedLogGivesTheLockUp() throws {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 4096
    let runtime = LogRuntime(steppedBy: clock)
    let log = try Log.open(
      at: "/log", configuration: configuration, runtime: runtime, environment: environment)
    disk.faults = .failing(.syncData, on: ".log", with: .inputOutput)
    for _ in 0..<2 { try log.append(Record(value: [UInt8](repeating: 1, count: 3000))) }
    while runtime.step() {}
    #expect(error { try log.append(Record(value: "x")) }?.code == .poisoned)
    #expect(error { try open() }?.code == .locked)
    for _ in 0..<2 { #expect(error { try log.closeNow() }?.code == .poisoned) }
    let again = try open()
    #expect(again.end == log.durableEnd)
    // Whatever the old one is asked for, it changes nothing any more.
    let mutations = disk.mutationCount
    clock.advance(byMilliseconds: 60_000)
    for _ in 0..<10 where !runtime.step() { break }
    #expect(disk.mutationCount == mutations)
    #expect(error { try log.closeNow() }?.code == .poisoned)
    #expect(error { try open() }?.code == .locked)
    try again.closeNow()
  }

  /// Who has given the directory up builds a wrong index for itself alone.
  @Test func aClosedLogWritesNoIndex() throws {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 4096
    configuration.indexIntervalByteCount = 0
    let open = { [clock, environment] in
      try Log.open(
        at: "/log", configuration: configuration, runtime: LogRuntime(steppedBy: clock),
        environment: environment)
    }
    var log = try open()
    for _ in 0..<12 { try log.append(Record(value: [UInt8](repeating: 1, count: 1000))) }
    try log.closeNow()
    // One that has not read its indexes yet.
    log = try open()
    try log.closeNow()
    try disk.unlink("/log/00000000000000000000.index")
    let mutations = disk.mutationCount
    for offset in 0..<12 { #expect(try log.recordNow(at: Offset(rawValue: Int64(offset))) != nil) }
    #expect(disk.mutationCount == mutations)
  }
}
