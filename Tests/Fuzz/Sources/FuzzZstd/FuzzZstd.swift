import CodecChecks
import FuzzSupport
import Varve

/// Zstandard: frames, and what is none.
@main struct FuzzZstd: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    CodecFuzz.test(&input, .zstd, levels: [nil, -5, 1])
  }
}
