import BenchHarness
import Varve

/// What a log writes into a producer's batch: a matter of its header, whatever its size.
enum StampBenchmarks {
  /// Offset and epoch, which the checksum leaves out.
  static let stamp = benchmark("stamp/64KiB") { round in
    BatchStamp(baseOffset: Offset(rawValue: Int64(round)), leaderEpoch: 1)
  }

  /// The time too, for which the checksum is patched.
  static let appendTime = benchmark("stamp-append-time/64KiB") { round in
    BatchStamp(
      baseOffset: Offset(rawValue: Int64(round)), leaderEpoch: 1,
      time: .append(BatchShape.time(round)))
  }

  private static func benchmark(
    _ name: String, stamp: @escaping @Sendable (Int) -> BatchStamp
  ) -> Benchmark {
    Benchmark(name, goals: [.count(.allocations, atMost: 0)]) {
      var batch = try BatchShape(valueSize: 1 << 10, recordCount: 64).batch()
      return Routine(body: { iterations in
        for round in 0..<iterations {
          try batch.stamp(stamp(round))
        }
        blackHole(batch.header.checksum)
      })
    }
  }
}
