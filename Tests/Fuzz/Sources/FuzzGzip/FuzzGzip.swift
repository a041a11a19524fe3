import CodecChecks
import FuzzSupport
import Varve

/// gzip: members, and what is none.
@main struct FuzzGzip: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    CodecFuzz.test(&input, .gzip, levels: [nil, 1, 9])
  }
}
