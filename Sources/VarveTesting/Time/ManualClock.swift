public import VarveSystem

/// A clock that stands still until a test moves it.
public final class ManualClock: TimeSource {
  private let now: Lock<(wall: Int64, monotonic: Int64)>

  /// A day in 2001, so that no time of a test is mistaken for none or for the machine's.
  public static let defaultWallMilliseconds: Int64 = 1_000_000_000_000

  /// Starts a clock at a time of the wall, in milliseconds since 1970.
  public init(wallMilliseconds: Int64 = ManualClock.defaultWallMilliseconds) {
    now = Lock((wall: wallMilliseconds * 1_000_000, monotonic: 0))
  }

  /// Milliseconds since 1970, as far as the clock was moved.
  public var wallMilliseconds: Int64 { now.withLock { $0.wall / 1_000_000 } }

  /// Nanoseconds since the clock was made.
  public var monotonicNanoseconds: Int64 { now.withLock { $0.monotonic } }

  /// Lets time pass, on both clocks.
  public func advance(byNanoseconds nanoseconds: Int64) {
    precondition(nanoseconds >= 0, "time passes forwards; see setWall(milliseconds:)")
    now.withLock {
      $0.wall += nanoseconds
      $0.monotonic += nanoseconds
    }
  }

  /// Lets milliseconds pass, on both clocks.
  public func advance(byMilliseconds milliseconds: Int64) {
    advance(byNanoseconds: milliseconds * 1_000_000)
  }

  /// Whoever sleeps lets time pass at once: nobody else would move the clock meanwhile.
  package func sleep(nanoseconds: Int64) { advance(byNanoseconds: max(0, nanoseconds)) }

  /// Sets the wall clock, back as well as forward, as an administrator does. No time passes.
  public func setWall(milliseconds: Int64) {
    now.withLock { $0.wall = milliseconds * 1_000_000 }
  }
}
