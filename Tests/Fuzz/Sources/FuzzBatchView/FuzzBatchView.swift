import FuzzSupport
import KafkaReference
import Varve

/// One batch, good or bad: whether it is taken, and what is in it, by the library and by the book.
@main struct FuzzBatchView: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let repairs = Repairs(rawValue: input.integer())
    var bytes = input.rest()
    repairs.apply(to: &bytes)
    let expected = Expectation(bytes)
    let memory = ExactBytes(bytes)
    Headers.check(memory.span, expected)
    Opening.check(memory.span, expected)
    Owning.check(bytes, expected)
    if !repairs.isDisjoint(with: .tampering) { Tampering.check(bytes, seed: repairs.rawValue) }
  }
}
