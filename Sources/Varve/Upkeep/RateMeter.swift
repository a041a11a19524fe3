/// How fast a log grows, as far as preparing for it goes: quick to believe that it is fast, slow to
/// believe that it is not any more.
struct RateMeter: Hashable, Sendable {
  /// Bytes a second.
  private(set) var rate = 0
  private var byteCount = 0
  private var time: Int64

  /// Shorter spans tell nothing.
  static let minimumNanoseconds: Int64 = 50_000

  init(now: Int64) { time = now }

  /// Takes note of how many bytes have been appended in all.
  mutating func update(byteCount total: Int, now: Int64) {
    let span = now - time
    guard span >= Self.minimumNanoseconds else { return }
    let grown = max(0, total - byteCount)
    let current = Int(min(Double(grown) * 1e9 / Double(span), 1e12))
    // Halved each 100 ms of calm, about.
    let calm = min(62, Int(span / 100_000_000))
    rate = max(current, rate >> max(1, calm))
    if current >= rate { rate = current }
    byteCount = total
    time = now
  }

  /// Bytes in so many nanoseconds, at this rate.
  func byteCount(in nanoseconds: Int64) -> Int {
    Int(Double(rate) * Double(nanoseconds) / 1e9)
  }
}
