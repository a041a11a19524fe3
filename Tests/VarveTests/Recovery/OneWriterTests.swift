import CLinuxForTests
import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Opens a log, forks a child that keeps its lock's descriptor, and lets go of the log.
private func forkWhileALogIsOpen(in directory: String, closing isClosed: Bool) throws -> Int32 {
  let log = try ManualWorld().open(directory, LogConfiguration())
  try log.append(Record(value: "x"))
  let child = linux_fork_keeping(directory + "/.lock")
  try #require(child > 0)
  if isClosed { try log.closeNow() }
  return child
}

/// Of all who may open a log to write, one does.
@Suite struct OneWriterTests {
  private func lockFiles(_ directory: String) throws -> [String] {
    try LogOnDisk(directory: directory).names.filter { [".lock", "varve.holder"].contains($0) }
  }

  @Test(arguments: Place.all)
  func aLogIsOpenedOnce(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      try log.append(Record(value: "x"))
      // By the same runtime, by another one, and by another name.
      for (other, path) in [
        (world, directory), (ManualWorld(), directory),
        (ManualWorld(), directory + "/../" + name(directory)),
      ] {
        let before = other.time.wallMilliseconds
        let error = error { try other.open(path, place.configuration()) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("this process") == true)
        #expect(error?.holder?.processID == getpid())
        #expect(error?.holder?.host?.isEmpty == false)
        #expect(error?.holder?.lockedAt == Timestamp(milliseconds: 1_700_000_000_000))
        #expect(error?.holder?.library == "varve")
        #expect(error?.holder?.hasEnded == false)
        // The last attempt is not waited after.
        #expect(other.time.wallMilliseconds - before == 180)
      }
      #expect(try lockFiles(directory) == [".lock", "varve.holder"])
      // The log does not notice.
      try log.append(Record(value: "y"))
      try log.closeNow()
      #expect(try lockFiles(directory) == [])
      let again = try world.open(directory, place.configuration())
      #expect(again.end == 2)
      #expect(error { try world.open(directory, place.configuration()) }?.code == .locked)
      // Closed once more, it has nothing to give up.
      try log.closeNow()
      #expect(error { try world.open(directory, place.configuration()) }?.code == .locked)
      try again.closeNow()
    }
  }

  private func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

  @Test(arguments: Place.all)
  func readersNeedNoLock(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      try log.append(Record(value: "x"))
      let reader = try world.open(directory, place.configuration(), mode: .readOnly)
      #expect(try reader.stored() == log.stored())
      try reader.closeNow()
      #expect(error { try world.open(directory, place.configuration()) }?.code == .locked)
      try log.closeNow()
      let another = try world.open(directory, place.configuration(), mode: .readOnly)
      #expect(try lockFiles(directory) == [])
      let writer = try world.open(directory, place.configuration())
      try another.closeNow()
      #expect(try lockFiles(directory) == [".lock", "varve.holder"])
      try writer.closeNow()
    }
  }

  /// The next one takes over what lies there.
  @Test(arguments: Place.all)
  func aDroppedLogGivesTheLockUp(_ place: Place) async throws {
    try await place.withDirectory { directory in
      for round in 0..<3 {
        let world = ManualWorld()
        let log = try world.open(directory, place.configuration())
        #expect(log.end == Offset(rawValue: Int64(round)))
        try log.append(Record(value: "x"))
        world.settle()
      }
      #expect(try lockFiles(directory) == [".lock", "varve.holder"])
      try ManualWorld().open(directory, place.configuration()).closeNow()
      #expect(try lockFiles(directory) == [])
    }
  }

  @Test(arguments: Place.all)
  func aJVMHoldsIt(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      try world.open(directory, place.configuration()).closeNow()
      // What Varve has said of itself before says nothing of who holds it now.
      do { _ = try world.open(directory, place.configuration()) }
      let child = linux_fork_locking(directory + "/.lock")
      try #require(child > 0)
      let before = try LogOnDisk(directory: directory).names
      let error = error { try world.open(directory, place.configuration()) }
      #expect(error?.code == .locked)
      #expect(error?.holder == LockHolder(processID: child))
      #expect(error?.message.contains("process \(child)") == true)
      #expect(try LogOnDisk(directory: directory).names == before)
      try #require(linux_kill_child(child) == 0)
      try world.open(directory, place.configuration()).closeNow()
      #expect(linux_reap_child(child) == child)
    }
  }

  /// The process that opened the log is gone, and one that it forked has what it had.
  @Test(arguments: Place.all)
  func aForkedChildHoldsIt(_ place: Place) async throws {
    try await place.withDirectory { directory in
      await #expect(processExitsWith: .success) { [directory = directory as String] in
        let log = try await Log.open(at: directory, environment: .unsynced)
        let child = linux_fork_keeping(directory + "/.lock")
        try #require(child > 0)
        try Data("\(child)".utf8).write(to: URL(fileURLWithPath: directory + "/child"))
        // It ends as it would by a signal, with the log in its hands.
        try log.append(Record(value: "x"))
        withExtendedLifetime(log) { _exit(EXIT_SUCCESS) }
      }
      let text = try String(contentsOfFile: directory + "/child", encoding: .utf8)
      let child = try #require(Int32(text))
      let note = try #require(DirectoryLock.readNote(in: directory, PosixFileSystem()))
      let error = error { try ManualWorld().open(directory, place.configuration()) }
      #expect(error?.code == .locked)
      #expect(error?.holder?.processID == note.process.number)
      #expect(error?.holder?.hasEnded == true)
      #expect(error?.message.contains("forked") == true)
      try #require(kill(child, SIGKILL) == 0)
      try await openOnceItIsFree(directory, place)
    }
  }

  /// Somewhere in a server, a process is being started at any time.
  @Test(arguments: Place.all)
  func aForkedChildHoldsNotWhatIsLetGo(_ place: Place) async throws {
    try await place.withDirectory { directory in
      await #expect(processExitsWith: .success) { [directory = directory as String] in
        for isClosed in [true, false] {
          let child = try forkWhileALogIsOpen(in: directory, closing: isClosed)
          let again = try ManualWorld().open(directory, LogConfiguration())
          try again.closeNow()
          try #require(kill(child, SIGKILL) == 0)
        }
      }
      let left = try lockFiles(directory)
      #expect(left == [])
    }
  }

  /// Nobody tells when somebody else's child is gone.
  private func openOnceItIsFree(_ directory: String, _ place: Place) async throws {
    for _ in 0..<10_000 {
      do {
        let log = try await Log.open(at: directory, configuration: place.configuration())
        #expect(log.end == 1)
        return try await log.close()
      } catch {
        #expect(error.code == .locked)
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    Issue.record("the lock is held by a process that was killed")
  }
}
