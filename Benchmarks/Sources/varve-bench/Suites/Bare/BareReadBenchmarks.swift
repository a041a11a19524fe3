import BenchHarness

/// How fast stored batches can be read at all, by code that knows where each of them is.
enum BareReadBenchmarks {
  static let all = [
    scan("read/1KiB", .scanned1KiB), scan("read/100B", .scanned100B),
    scan("read/100Bx100", .scanned100Bx100), lookUp,
  ]

  private static func scan(_ name: String, _ plan: AppendPlan) -> Benchmark {
    reading(name, plan) { reader, iterations in try reader.scan(iterations) }
  }

  private static let lookUp = reading("pread/1KiB/64", .segments64) { reader, iterations in
    try reader.lookUp(iterations)
  }

  private static func reading(
    _ name: String, _ plan: AppendPlan,
    body: @escaping @Sendable (BareReader, _ iterations: Int) throws -> Void
  ) -> Benchmark {
    Benchmark(name, records: plan.shape.recordCount, bytes: plan.shape.byteCount) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      try plan.fill(directory)
      let reader = try BareReader(
        of: directory.path, batchByteCount: plan.shape.byteCount, batchCount: plan.batchCount)
      return Routine(
        body: { iterations in try body(reader, iterations) }, tearDown: directory.remove)
    }
  }
}

extension AppendPlan {
  /// Leaves all batches in a directory.
  fileprivate func fill(_ directory: WorkDirectory) throws {
    let appender = try BareAppender(
      in: directory.path, segmentByteCount: segmentByteCount, aheadByteCount: aheadByteCount)
    try appender.append(StoredBatch(shape), summing: false, times: batchCount)
  }
}
