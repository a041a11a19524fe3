import BenchHarness
import Varve

/// A batch of records of about 1 KiB, compressed and looked into, with contexts that are used again.
enum CodecBenchmarks {
  /// From a batch to the same batch compressed, its header and checksum included.
  static func compress(_ codec: CompressionCodec, _ size: Int) -> Benchmark {
    benchmark("compress", codec, size, allocations: 2 + ownAllocations(of: codec, size)) { batch in
      let bare = try BareCodec.compressing(Array(batch.view.encodedRecords), codec)
      var compressor = try Compressor(Compression(codec))
      return Routine(
        body: { iterations in
          for _ in 0..<iterations { blackHole(try compressor.compress(batch)) }
        },
        limit: { iterations in for _ in 0..<iterations { blackHole(bare.run()) } })
    }
  }

  /// From a compressed batch to records that have been found well formed.
  static func decompress(_ codec: CompressionCodec, _ size: Int) -> Benchmark {
    benchmark("decompress", codec, size, allocations: 0) { batch in
      let bare = try BareCodec.decompressing(Array(batch.view.encodedRecords), codec)
      var compressor = try Compressor(Compression(codec))
      let compressed = try compressor.compress(batch)
      // As it comes from a log: nobody has looked into it.
      let stored = try RecordBatch(validating: compressed.bytes, as: .log)
      var decompressor = Decompressor()
      return Routine(
        body: { iterations in
          for _ in 0..<iterations { blackHole(try decompressor.records(of: stored.view).count) }
        },
        limit: { iterations in for _ in 0..<iterations { blackHole(bare.run()) } })
    }
  }

  /// libsnappy allocates its table anew for each call, and there is one for each 32 KiB.
  private static func ownAllocations(of codec: CompressionCodec, _ size: Int) -> Int {
    codec == .snappy ? size / (32 << 10) + 1 : 0
  }

  private static func benchmark(
    _ name: String, _ codec: CompressionCodec, _ size: Int, allocations: Int,
    prepare: @escaping @Sendable (RecordBatch) throws -> Routine
  ) -> Benchmark {
    Benchmark(
      "\(name)/\(codec)/\(sizeName(size))", records: size >> 10, bytes: size,
      goals: [.ratio(atLeast: 0.9), .count(.allocations, atMost: Double(allocations))]
    ) {
      try prepare(TextBatch.batch(of: size))
    }
  }
}
