import Glibc
import Testing

@testable import BenchHarness

extension ProcessWide {
  /// Other tests run meanwhile and are counted too, so a bound from below is all there is. The
  /// exact counts are checked in a process of their own.
  struct CountingTests {
    @Test func everyCounterCounts() throws {
      let counts = try OperationCounts.counting(50, of: Workload(SelfCheck.routine()))
      for (counter, count) in SelfCheck.expected where counter != .systemCalls {
        #expect(try #require(counts[counter]) >= count, "\(counter)")
      }
    }

    @Test func theCallsInsideTheStandardLibraryAreCounted() throws {
      let things = (0..<100).map { _ in Thing() }
      let counts = try OperationCounts.counting(50) { iterations in
        for _ in 0..<iterations {
          // Copies the storage, and retains each of its elements in the runtime.
          var copy = things
          copy.reserveCapacity(things.count * 2)
          blackHole(copy)
        }
      }
      #expect(try #require(counts[.retains]) >= Double(things.count))
    }

    @Test func otherWaysToAllocateAreCounted() throws {
      let counts = try OperationCounts.counting(10) { iterations in
        for _ in 0..<iterations {
          var aligned: UnsafeMutableRawPointer?
          #expect(posix_memalign(&aligned, 64, 4096) == 0)
          let other = aligned_alloc(64, 4096)
          let grown = realloc(malloc(1), 4096)
          blackHole((aligned, other, grown))
          [aligned, other, grown].forEach { free($0) }
        }
      }
      #expect(try #require(counts[.allocations]) >= 4)
      #expect(try #require(counts[.frees]) >= 4)
      #expect(try #require(counts[.allocatedBytes]) >= 3 * 4096)
    }

    /// Exact even here: whatever other tests do is not this thread's.
    @Test func threadsCanBeLeftOut() throws {
      let counts = try OperationCounts.counting(10, on: .calling) { iterations in
        for _ in 0..<iterations { free(opaque(malloc(16))) }
        try Threads.run(1) { _ in for _ in 0..<1000 { free(opaque(malloc(16))) } }
      }
      // To start a thread takes some, but none of what it does is counted.
      #expect(try #require(counts[.allocations]) >= 1)
      #expect(try #require(counts[.allocations]) < 20)
    }

    @Test func anImpossibleAlignmentIsRefusedAsEverywhere() {
      var block: UnsafeMutableRawPointer?
      #expect(posix_memalign(&block, 24, 8) == EINVAL)
      #expect(posix_memalign(&block, 0, 8) == EINVAL)
      #expect(block == nil)
    }

    @Test func countingEndsWhenTheLoopThrows() throws {
      #expect(throws: UsageError.self) {
        try OperationCounts.counting(1) { _ in throw UsageError("thrown") }
      }
      let counts = try OperationCounts.counting(1) { _ in }
      #expect(counts[.allocations] != nil)
    }

    private final class Thing {}
  }
}
