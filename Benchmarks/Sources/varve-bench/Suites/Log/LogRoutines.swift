import BenchHarness
import Varve

/// A log that is opened before each sample, and whose files are gone after it.
enum LogRoutines {
  static func appends(
    _ plan: AppendPlan, in directory: WorkDirectory,
    loop: @escaping (Log, _ iterations: Int) throws -> Void,
    references: [Reference<Routine>] = [], tearDown: @escaping () throws -> Void = {}
  ) throws -> Routine {
    let log = WarmSlot<Log>()
    return Routine(
      iterations: plan.batchCount, countedThreads: .calling,
      beforeSample: { _ in
        try log.fill(plan) { try LogUnderTest.openPrepared(in: directory, plan) }
      },
      body: { iterations in try loop(log.value!, iterations) },
      references: references,
      afterSample: {
        try LogUnderTest.close(log.value!)
        log.empty()
        try directory.empty()
      }, tearDown: tearDown)
  }

  /// One record in each operation, by itself.
  static func latency(
    _ plan: AppendPlan, in directory: WorkDirectory, syncPolicy: SyncPolicy,
    references: [Reference<LatencyRoutine>], tearDown: @escaping () throws -> Void
  ) throws -> LatencyRoutine {
    let log = WarmSlot<Log>()
    let value = UnsafeRawBufferPointer(filledBuffer(plan.shape.valueSize))
    return LatencyRoutine(
      operations: plan.batchCount, kinds: plan.rollKinds, countedThreads: .calling,
      beforeRun: {
        try log.fill(plan) {
          try LogUnderTest.openPrepared(in: directory, plan, syncPolicy: syncPolicy)
        }
      },
      operation: { _ in try LogLoops.append(value, to: log.value!, times: 1) },
      references: references,
      afterRun: {
        try LogUnderTest.checkRolls(of: log.value!, plan)
        try LogUnderTest.close(log.value!)
        log.empty()
        try directory.empty()
      },
      tearDown: {
        value.deallocate()
        try tearDown()
      })
  }
}
