import Foundation
import Testing
import VarveSystem

@testable import Varve

/// How the lock of a directory is taken, on the machine's file systems.
@Suite struct DirectoryLockTests {
  private func take(
    _ directory: String, _ time: ManualTime = ManualTime(),
    beforeLock: @escaping @Sendable () -> Void = {}
  ) throws(LogError) -> DirectoryLock {
    try DirectoryLock.take(
      in: directory,
      LogEnvironment(
        fileSystem: UnsyncedFileSystem(beforeLock: beforeLock), time: time, random: FixedRandom(0)))
  }

  private func withDirectory(_ body: (String) throws -> Void) async throws {
    try await Place.all[0].withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      try body(directory)
    }
  }

  /// What happens to others between opening a file and locking it, the first `count` times.
  private func first(
    _ count: Int, _ body: @escaping @Sendable () -> Void
  ) -> @Sendable () -> Void {
    let rest = Lock(count)
    return {
      let isDue = rest.withLock { rest in
        rest -= 1
        return rest >= 0
      }
      if isDue { body() }
    }
  }

  @Test func itIsTakenGivenBackAndTakenAgain() async throws {
    try await withDirectory { directory in
      for _ in 0..<3 {
        let lock = try take(directory)
        #expect(lock.isHeld)
        #expect(error { try take(directory) }?.code == .locked)
        lock.release()
        #expect(!lock.isHeld)
        lock.release()
        #expect(try LogOnDisk(directory: directory).names == [])
      }
    }
  }

  /// Whoever had the lock has removed its file while this one waited at it.
  @Test(arguments: [1, 3, 9]) func aFileThatLosesItsName(times: Int) async throws {
    try await withDirectory { directory in
      let (path, time) = (directory + "/.lock", ManualTime())
      let lock = try take(directory, time, beforeLock: first(times) { unlink(path) })
      #expect(time.wallMilliseconds == ManualTime().wallMilliseconds)
      #expect(error { try take(directory) }?.code == .locked)
      lock.release()
      #expect(try LogOnDisk(directory: directory).names == [])
    }
  }

  /// And perhaps somebody else has one of that name already.
  @Test func aFileThatIsReplaced() async throws {
    try await withDirectory { directory in
      let path = directory + "/.lock"
      let others = Lock<DirectoryLock?>(nil)
      let refusal = error {
        try take(
          directory,
          beforeLock: first(1) { [self] in
            unlink(path)
            let other = try? take(directory)
            others.withLock { $0 = other }
          })
      }
      #expect(refusal?.code == .locked)
      let other = try #require(others.withLock { $0 })
      #expect(other.isHeld)
      other.release()
      try take(directory).release()
    }
  }

  @Test func aFileThatIsAnotherOneEachTime() async throws {
    try await withDirectory { directory in
      let path = directory + "/.lock"
      #expect(error { try take(directory, beforeLock: { unlink(path) }) }?.code == .retry)
      try take(directory).release()
    }
  }

  /// A process that was killed gives its locks back a moment later.
  @Test func aLockThatIsFreeAMomentLater() async throws {
    try await withDirectory { directory in
      let (held, time) = (try take(directory), ManualTime())
      let attempts = Lock(0)
      let lock = try take(
        directory, time,
        beforeLock: {
          let count = attempts.withLock { count in
            count += 1
            return count
          }
          if count == 4 { held.release() }
        })
      // Three times it was held, and then without its name.
      #expect(time.wallMilliseconds - ManualTime().wallMilliseconds == 60)
      #expect(lock.isHeld)
      lock.release()
    }
  }

  /// Files that others have put in the place of ours are theirs.
  @Test func whatIsNotInPlaceIsNotRemoved() async throws {
    try await withDirectory { directory in
      let lock = try take(directory)
      try FileManager.default.removeItem(atPath: directory + "/.lock")
      let other = try take(directory)
      lock.release()
      #expect(try LogOnDisk(directory: directory).names == [".lock", "varve.holder"])
      #expect(error { try take(directory) }?.code == .locked)
      other.release()
    }
  }

  @Test func whoeverSaysNothing() async throws {
    try await withDirectory { directory in
      let lock = try take(directory)
      let note = directory + "/varve.holder"
      for text in ["", "process 1", "\u{0}\u{ffff}", String(repeating: "process 7\n", count: 500)] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: note))
        let error = error { try take(directory) }
        #expect(error?.code == .locked)
        #expect(error?.holder == nil)
        #expect(error?.message.contains(directory) == true)
      }
      try FileManager.default.removeItem(atPath: note)
      #expect(error { try take(directory) }?.holder == nil)
      // What cannot be read does not matter either.
      try FileManager.default.createDirectory(
        atPath: note + "/deep", withIntermediateDirectories: true)
      #expect(error { try take(directory) }?.code == .locked)
      lock.release()
      let again = try take(directory)
      #expect(again.isHeld)
      again.release()
    }
  }

  /// What an earlier holder has left is written over, whether it was longer or shorter.
  @Test(arguments: [0, 50, 5000]) func aNoteOfBefore(byteCount: Int) async throws {
    try await withDirectory { directory in
      let note = directory + "/varve.holder"
      try Data(repeating: 0x61, count: byteCount).write(to: URL(fileURLWithPath: note))
      let lock = try take(directory)
      let text = try String(contentsOfFile: note, encoding: .utf8)
      let own = HolderNote(
        process: try PosixFileSystem().currentProcess(),
        lockedAt: Timestamp(milliseconds: ManualTime().wallMilliseconds))
      #expect(text == own.text)
      lock.release()
    }
  }
}
