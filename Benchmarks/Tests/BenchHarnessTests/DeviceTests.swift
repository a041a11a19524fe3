import Glibc
import Synchronization
import Testing

@testable import BenchHarness

extension ProcessWide {
  struct DeviceTests {
    @Test func syncsAreCountedAndToldOf() {
      let watcher = Watcher()
      let before = SyncCalls.count
      // What can't be synced is a call all the same.
      SyncCalls.watch(watcher) { _ = fdatasync(-1) }
      _ = fdatasync(-1)
      #expect(SyncCalls.count == before + 2)
      #expect(watcher.calls.load(ordering: .relaxed) == 11)
    }

    @Test func syncsThatAreSkippedDoNothing() {
      let before = SyncCalls.count
      SyncCalls.skip {
        #expect(fdatasync(-1) == 0)
        #expect(fsync(-1) == 0)
      }
      #expect(fdatasync(-1) == -1)
      #expect(fsync(-1) == -1)
      #expect(SyncCalls.count == before + 1)
    }

    @Test func tasksAreWaitedFor() throws {
      let watcher = Watcher()
      try Tasks.run(5) { _ in watcher.syncBegins() }
      #expect(watcher.calls.load(ordering: .relaxed) == 5)
      #expect(throws: UsageError.self) {
        try Tasks.run(2) { index in
          if index == 1 { throw UsageError("thrown") }
        }
      }
    }

    @Test func whatNoDeviceHoldsHasNoCounts() {
      #expect(BlockDevice(of: "/proc").counts == nil)
      #expect(BlockDevice(of: "/nowhere").counts == nil)
    }
  }

  private final class Watcher: SyncCalls.Watcher {
    let calls = Atomic(0)
    func syncBegins() { calls.add(1, ordering: .relaxed) }
    func syncEnded() { calls.add(10, ordering: .relaxed) }
  }
}
