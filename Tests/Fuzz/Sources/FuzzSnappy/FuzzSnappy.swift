import CodecChecks
import FuzzSupport
import Varve

/// snappy: xerial's framing, blocks without any, and what is neither.
@main struct FuzzSnappy: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    CodecFuzz.test(&input, .snappy, levels: [nil])
  }
}
