public import Varve

/// A runtime without threads: nothing happens beside a test, and upkeep is done when the test says
/// so.
///
/// What a log would let a thread do and wait for is done on the spot. What it would leave to a
/// thread is left until ``step()``:
///
/// ```swift
/// let stepped = SteppedRuntime(clock: clock)
/// let log = try await Log.open(
///   at: "data/orders-0", runtime: stepped.runtime,
///   environment: .simulated(fileSystem: fileSystem, clock: clock, random: SeededRandom(seed: 1)))
/// try log.append(Record(key: "user-7", value: "paid"))
/// stepped.settle()
/// ```
public struct SteppedRuntime: Sendable {
  /// What logs are opened with.
  public let runtime: LogRuntime

  private let clock: ManualClock

  /// A runtime for logs whose time a clock tells.
  public init(clock: ManualClock) {
    self.clock = clock
    runtime = LogRuntime(steppedBy: clock)
  }

  /// Looks after one log that waits for it or is due; false if there is none.
  @discardableResult
  public func step() -> Bool { runtime.step() }

  /// When the next log is due that does not wait already, in ``ManualClock/monotonicNanoseconds``;
  /// nil if none is.
  public var nextDeadline: Int64? { runtime.nextDeadline }

  /// Does all that waits or is due now.
  public func settle() { while runtime.step() {} }

  /// Lets time pass, with all upkeep in between when it is due.
  public func pass(milliseconds: Int64) {
    settle()
    let end = clock.monotonicNanoseconds + milliseconds * 1_000_000
    while let next = nextDeadline, next <= end {
      clock.advance(byNanoseconds: max(0, next - clock.monotonicNanoseconds))
      guard step() else { break }
      settle()
    }
    clock.advance(byNanoseconds: max(0, end - clock.monotonicNanoseconds))
    settle()
  }
}
