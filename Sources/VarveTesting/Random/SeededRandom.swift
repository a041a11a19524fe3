public import VarveSystem

/// Randomness that follows from a seed, for a log, or for a test itself. Any thread may draw.
public final class SeededRandom: RandomSource, RandomNumberGenerator {
  private let generator: Lock<SplitMix>

  /// Starts the sequence of a seed.
  public init(seed: UInt64) { generator = Lock(SplitMix(seed: seed)) }

  /// The next 64 bits.
  public func next() -> UInt64 { generator.withLock { $0.next() } }
}
