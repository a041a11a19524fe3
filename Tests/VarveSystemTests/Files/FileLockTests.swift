import CLinuxForTests
import Glibc
import Testing
import VarveSystem

/// Locks of files against those of other processes.
@Suite struct FileLockTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path("lock")
  }

  @Test func aJVMsLockIsInTheWay() throws {
    let child = linux_fork_locking(path)
    try #require(child > 0)
    let file = try OpenFile(path, .writing)
    #expect(failure { () throws(SystemError) in try file.lock() } == SystemError(.lock, .again))
    #expect(try file.lockOwner() == .process(child))
    try #require(linux_kill_child(child) == 0)
    // A zombie has nothing any more.
    #expect(try file.lockOwner() == .nobody)
    try file.lock()
    #expect(linux_reap_child(child) == child)
  }

  @Test func oursIsInTheWayOfAJVMs() throws {
    let file = try OpenFile(path, .creating)
    try file.lock()
    #expect(linux_fork_locking(path) == -EAGAIN)
    #expect(try file.lockOwner() == .nobody)
  }

  /// Any other descriptor of the file may be closed meanwhile, which ends a process's own locks.
  @Test func aLockOutlivesOtherDescriptors() throws {
    let file = try OpenFile(path, .creating)
    try file.lock()
    do { _ = try OpenFile(path, .writing).status() }
    #expect(linux_fork_locking(path) == -EAGAIN)
  }

  @Test func aForkedChildHasItStill() throws {
    var file: OpenFile? = try OpenFile(path, .creating)
    try file?.lock()
    let child = linux_fork_keeping(path)
    try #require(child > 0)
    file = nil
    let other = try OpenFile(path, .writing)
    #expect(failure { () throws(SystemError) in try other.lock() } == SystemError(.lock, .again))
    #expect(try other.lockOwner() == .untold)
    try #require(linux_kill_child(child) == 0)
    try other.lock()
    #expect(linux_reap_child(child) == child)
  }
}
