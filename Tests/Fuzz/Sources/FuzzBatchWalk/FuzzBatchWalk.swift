import FuzzSupport
import Varve

/// Batches back to back, good and bad: the walk ends, and returns what lies there.
@main struct FuzzBatchWalk: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let isBuilt = input.bool()
    let start = input.integer(UInt16.self)
    let bytes = isBuilt ? Segment.built(from: &input) : input.rest()
    let memory = ExactBytes(bytes)
    Walking.check(memory.span, bytes, from: Int(start) % (bytes.count + 1))
    Walking.check(memory.span, bytes, from: 0)
    Walking.checkOutside(memory.span)
  }
}
