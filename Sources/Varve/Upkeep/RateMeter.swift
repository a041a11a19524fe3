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
    rate = max(current, remaining(after: span))
    byteCount = total
    time = now
  }

  /// What is left of the rate when nothing came for so long: half of it each 100 ms, about, however
  /// often somebody looks.
  private func remaining(after span: Int64) -> Int {
    let half: Int64 = 100_000_000
    let halved = rate >> Int(min(62, span / half))
    return halved - Int(Double(halved) * Double(span % half) / Double(2 * half))
  }

  /// Bytes in so many nanoseconds, at this rate.
  func byteCount(in nanoseconds: Int64) -> Int {
    Int(Double(rate) * Double(nanoseconds) / 1e9)
  }
}
