import Synchronization
import VarveSystem

/// Time that stands still until a test moves it.
final class ManualTime: TimeSource {
  private let wall: Atomic<Int64>
  private let monotonic = Atomic<Int64>(1_000_000_000)

  init(wallMilliseconds: Int64 = 1_700_000_000_000) { wall = Atomic(wallMilliseconds) }

  var wallMilliseconds: Int64 { wall.load(ordering: .relaxed) }
  var monotonicNanoseconds: Int64 { monotonic.load(ordering: .relaxed) }

  /// Both clocks go on.
  func advance(milliseconds: Int64) {
    wall.add(milliseconds, ordering: .relaxed)
    monotonic.add(milliseconds * 1_000_000, ordering: .relaxed)
  }

  func sleep(nanoseconds: Int64) { advance(milliseconds: nanoseconds / 1_000_000) }
}

/// Randomness that always draws the same number.
final class FixedRandom: RandomSource {
  private let number: UInt64

  init(_ number: UInt64) { self.number = number }

  func next() -> UInt64 { number }
}
