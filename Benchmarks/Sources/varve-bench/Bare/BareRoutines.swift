import BenchHarness

/// What the log is held against: the same bytes, by as little code as there can be.
enum BareRoutines {
  /// Copies each batch into a mapped segment.
  static func appends(
    _ plan: AppendPlan, in directory: WorkDirectory, references: [Reference<Routine>] = [],
    tearDown: @escaping () throws -> Void = {}
  ) throws -> Routine {
    let batch = try StoredBatch(plan.shape)
    let log = WarmSlot<BareAppender>()
    return Routine(
      iterations: plan.batchCount,
      beforeSample: { _ in
        try log.fill(plan) { try appender(plan, in: directory) }
      },
      body: { try log.value!.append(batch, summing: plan.sums, times: $0) },
      references: references,
      afterSample: {
        log.empty()
        try directory.empty()
      }, tearDown: tearDown)
  }

  /// Writes each batch by itself.
  static func writes(_ plan: AppendPlan, in directory: WorkDirectory) throws -> Routine {
    let batch = try StoredBatch(plan.shape)
    let log = WarmSlot<BareWriter>()
    return Routine(
      iterations: plan.batchCount,
      beforeSample: { _ in
        try log.fill(plan) {
          try BareWriter(in: directory.path, segmentByteCount: plan.segmentByteCount)
        }
      },
      body: { try log.value!.write(batch, summing: plan.sums, times: $0) },
      afterSample: {
        log.empty()
        try directory.empty()
      })
  }

  /// Copies batches one at a time, each of which is timed.
  static func latency(
    _ plan: AppendPlan, kinds: LatencyRoutine.Kinds? = nil, in directory: WorkDirectory,
    tearDown: @escaping () throws -> Void = {}
  ) throws -> LatencyRoutine {
    let batch = try StoredBatch(plan.shape)
    let log = WarmSlot<BareAppender>()
    return LatencyRoutine(
      operations: plan.batchCount, kinds: kinds,
      beforeRun: {
        try log.fill(plan) { try appender(plan, in: directory) }
      },
      operation: { _ in try log.value!.append(batch, summing: plan.sums) },
      afterRun: {
        log.empty()
        try directory.empty()
      }, tearDown: tearDown)
  }

  /// Reads all batches in order, with their checksums.
  static func scans(_ reader: BareReader) -> Routine {
    Routine(body: { try reader.scan($0) })
  }

  /// Reads batches at random.
  static func lookUps(_ reader: BareReader) -> Routine {
    Routine(body: { try reader.lookUp($0) })
  }

  private static func appender(
    _ plan: AppendPlan, in directory: WorkDirectory
  ) throws -> BareAppender {
    try BareAppender(
      in: directory.path, segmentByteCount: plan.segmentByteCount,
      aheadByteCount: plan.aheadByteCount)
  }
}
