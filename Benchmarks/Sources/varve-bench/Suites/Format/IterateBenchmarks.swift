import BenchHarness
import Varve

/// Reading a batch's records, beside reading the same bytes once.
enum IterateBenchmarks {
  /// Through the borrowed view of a batch that has been validated before.
  static func borrowed(_ shape: BatchShape) -> Benchmark {
    let goals: [Goal] = shape.valueSize == 100 ? [.recordsPerSecond(atLeast: 40e6)] : []
    return benchmark(
      "iterate-borrowed", shape,
      goals: goals + [.count(.allocations, atMost: 0), .count(.retains, atMost: 0)]
    ) { batch, iterations in
      for _ in 0..<iterations {
        var bytes = 0
        try batch.view.records.forEach { record in bytes &+= record.value?.byteCount ?? 0 }
        blackHole(bytes)
      }
    }
  }

  /// As a plain sequence, whose records keep the batch alive.
  static func owned(_ shape: BatchShape) -> Benchmark {
    benchmark("iterate-owned", shape, goals: [.count(.allocations, atMost: 0)]) {
      batch, iterations in
      // Which batch it is, the compiler must not know: it would read it once for all iterations,
      // because nobody can change it.
      let batches: InlineArray<1, RecordBatch> = [batch]
      for _ in 0..<iterations {
        var bytes = 0
        for record in try batches[opaque(0)].records() { bytes &+= record.value?.byteCount ?? 0 }
        blackHole(bytes)
      }
    }
  }

  /// From bytes as they come off a disk: checksum, every record's layout, and then the records.
  static func validated(_ shape: BatchShape) -> Benchmark {
    benchmark("validate-and-iterate", shape, goals: [.count(.allocations, atMost: 0)]) {
      batch, iterations in
      let stored = batch.bytes
      for _ in 0..<iterations {
        var bytes = 0
        let view = try BatchView(validating: stored, as: .log)
        try view.records.forEach { record in bytes &+= record.value?.byteCount ?? 0 }
        blackHole(bytes)
      }
    }
  }

  private static func benchmark(
    _ name: String, _ shape: BatchShape, goals: [Goal],
    body: @escaping @Sendable (RecordBatch, Int) throws -> Void
  ) -> Benchmark {
    Benchmark(
      "\(name)/\(shape.name)", records: shape.recordCount, bytes: shape.byteCount, goals: goals
    ) {
      let batch = try shape.batch()
      return Routine(
        body: { iterations in try body(batch, iterations) },
        limit: { iterations in
          batch.bytes.withUnsafeBytes { bytes in
            for _ in 0..<iterations { PhysicalLimit.sum(bytes) }
          }
        })
    }
  }
}
