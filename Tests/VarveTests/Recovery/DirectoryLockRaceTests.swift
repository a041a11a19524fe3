import Foundation
import Synchronization
import Testing
import VarveSystem

@testable import Varve

@Suite struct DirectoryLockRaceTests {
  private final class Counts: Sendable {
    let holders = Atomic(0)
    let taken = Atomic(0)
    let mistakes = Atomic(0)
  }

  /// Many who take the lock, remove its file, and leave: never two have it.
  @Test func oneAtATime() async throws {
    try await Place.all[0].withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      let counts = Counts()
      let threads = try (0..<4).map { _ in
        try OwnedThread(named: "varve-race") { Self.takeOften(directory, counts) }
      }
      for thread in threads { thread.join() }
      #expect(counts.mistakes.load(ordering: .relaxed) == 0)
      #expect(counts.taken.load(ordering: .relaxed) > 0)
    }
  }

  private static func takeOften(_ directory: String, _ counts: Counts) {
    // Time that passes at once: nobody waits for another attempt. What takes long is the way from
    // a file that was opened to its lock, on which it may lose its name.
    let fileSystem = UnsyncedFileSystem { pause() }
    let environment = LogEnvironment(
      fileSystem: fileSystem, time: ManualTime(), random: FixedRandom(0))
    for round in 0..<100 {
      guard let lock = try? DirectoryLock.take(in: directory, environment) else { continue }
      if counts.holders.add(1, ordering: .relaxed).newValue != 1 {
        counts.mistakes.add(1, ordering: .relaxed)
      }
      counts.taken.add(1, ordering: .relaxed)
      pause()
      counts.holders.subtract(1, ordering: .relaxed)
      // Some end without removing anything.
      withExtendedLifetime(lock) { if round % 3 > 0 { lock.release() } }
    }
  }

  private static func pause() { usleep(.random(in: 0...300)) }
}
