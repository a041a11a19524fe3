/// Bounds how fast bytes are read and written by those who share it: a pure value, which says how long to
/// wait.
struct TokenBucket: Hashable, Sendable {
  /// How many bytes a second there are.
  let bytesPerSecond: Int
  /// When all that was taken has been earned.
  private var earnedAt: Int64 = .min

  /// What may be taken at once after a rest.
  private static let burstNanoseconds: Int64 = 100_000_000

  init(bytesPerSecond: Int) { self.bytesPerSecond = max(1, bytesPerSecond) }

  /// Takes so many bytes, and says how many nanoseconds to wait before there are more.
  mutating func take(_ byteCount: Int, now: Int64) -> Int64 {
    let (product, overflow) = Int64(byteCount).multipliedReportingOverflow(by: 1_000_000_000)
    let cost = (overflow ? .max : product) / Int64(bytesPerSecond)
    let start = max(earnedAt, now &- Self.burstNanoseconds)
    let (sum, overflowed) = start.addingReportingOverflow(cost)
    earnedAt = overflowed ? .max : sum
    return max(0, earnedAt - now)
  }
}
