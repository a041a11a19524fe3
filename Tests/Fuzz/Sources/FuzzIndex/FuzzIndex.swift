import FuzzSupport
import Varve

/// Index files, good and bad, beside a linear scan of them.
@main struct FuzzIndex: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    let mode = input.integer(UInt8.self)
    let base = Offset(rawValue: input.extremeInteger())
    let probes = (0..<input.choice(8)).map { _ in input.extremeInteger(Int64.self) }
    // Random bytes are hardly ever in order, so half of the inputs are put in order.
    let isAscending = mode & 2 != 0
    if mode & 1 == 0 {
      let bytes = isAscending ? Ascending.offsetIndex(from: &input) : input.rest()
      OffsetIndexCheck.run(bytes, base, probes)
    } else {
      let bytes = isAscending ? Ascending.timeIndex(from: &input) : input.rest()
      TimeIndexCheck.run(bytes, base, probes)
    }
  }
}
