import BenchHarness
import Varve

/// Batches in each codec, beside the codec's library alone with the same bytes.
enum CodecSuite {
  static let suite = Suite(
    "codec",
    codecs.flatMap { codec in
      sizes.flatMap { size in
        [CodecBenchmarks.compress(codec, size), CodecBenchmarks.decompress(codec, size)]
      }
    })

  private static let codecs = CompressionCodec.allCases.filter { $0 != .none && $0.isBuiltIn }
  private static let sizes = [16 << 10, 1 << 20]
}
