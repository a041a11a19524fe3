/// Steele, Lea and Flood's SplitMix64: eight bytes of state, every seed is a good one, and what
/// follows from a seed is the same for ever, which the standard library promises of no generator.
package struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of a seed.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

extension SplitMix {
  /// A number below `bound`, which is above 0.
  ///
  /// Not the standard library's `Int.random(in:using:)`: how that maps bits to numbers may change
  /// with a version, and a seed in a report would then mean another run. The bias of a remainder
  /// is nothing here.
  package mutating func number(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// True once in `count` times on average.
  package mutating func isOne(in count: Int) -> Bool { number(below: count) == 0 }
}
