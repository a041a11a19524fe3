import CodecChecks
import FuzzSupport
import Varve

/// LZ4: frames that Kafka reads, and others.
@main struct FuzzLZ4: FuzzTarget {
  static func test(_ input: inout FuzzInput) {
    CodecFuzz.test(&input, .lz4, levels: [nil, 1, 12])
  }
}
