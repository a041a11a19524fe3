import BenchHarness
import Varve

/// Opening a log whose process was killed, beside a loop in C that reads the same bytes and compares
/// each batch with its checksum.
enum RecoveryBenchmarks {
  static let all = [
    flushed("100B", .recovered100B), flushed("1KiB", .recovered1KiB),
    flushed("16KiB", .recovered16KiB), unflushed, segments,
  ]

  /// Where all was on the device, what is there is left as it is.
  private static func flushed(_ name: String, _ plan: AppendPlan) -> Benchmark {
    benchmark(name, plan, isFlushed: true, goals: [.ratio(atLeast: 0.8)])
  }

  /// Where nothing was, all is written once more and synced: a sync may have failed before, and then
  /// memory holds what the device does not.
  private static let unflushed = benchmark(
    "unflushed/1KiB", .recovered1KiB, isFlushed: false, goals: [])

  private static func benchmark(
    _ name: String, _ plan: AppendPlan, isFlushed: Bool, goals: [Goal]
  ) -> Benchmark {
    Benchmark(
      name, records: plan.shape.recordCount, bytes: plan.shape.byteCount,
      // A batch that lies across the end of what was read is read twice, and so is where they end.
      goals: goals + [.tally(bytesReadPerByte, atMost: 1.1, isExact: false)]
    ) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let logs = CrashedLogs(plan, isFlushed: isFlushed, in: surroundings)
      let full = try logs.log(of: plan.batchCount)
      let checker = try BareChecker(of: full.segmentPath)
      var bytesRead = 0.0
      return Routine(
        iterations: plan.batchCount, countedThreads: .callingButForReferences,
        beforeSample: { try logs.choose($0) },
        body: { _ in try logs.chosen.recover() },
        references: [
          Reference(
            limitName,
            Routine(
              iterations: plan.batchCount,
              body: { _ in
                let found = try checker.run(rewriting: !isFlushed)
                guard found == plan.batchCount else { throw UnexpectedBatches(found: found) }
              }))
        ],
        tallies: [Tally(bytesReadPerByte) { bytesRead }],
        afterSample: {
          let read = try logs.chosen.report.readByteCount
          if logs.chosen === full {
            bytesRead = max(bytesRead, Double(read) / Double(full.batchByteCount))
          }
          try logs.chosen.abandon()
        },
        tearDown: logs.remove)
    }
  }

  private struct UnexpectedBatches: Error {
    let found: Int
  }

  private static let bytesReadPerByte = "bytes read/byte, at most"

  /// Of many segments, those that are sealed are believed. The last one is small enough that where
  /// its batches end is read more than once, and so is the spare behind it.
  private static let segments = Benchmark(
    "1000 segments", goals: [.tally(segmentsRead, atMost: 4)]
  ) { surroundings in
    let plan = AppendPlan.segments1000.scaled(to: surroundings)
    let directory = try surroundings.makeDirectory()
    let crashed = try CrashedLog(plan, isFlushed: true, in: directory)
    var read = 0
    return Routine(
      iterations: 1, countedThreads: .callingButForReferences,
      body: { _ in try crashed.recover() },
      tallies: [
        Tally("bytes read") { Double(read) },
        Tally(segmentsRead) { Double(read) / Double(plan.segmentByteCount) },
      ],
      afterSample: {
        read = max(read, try crashed.report.readByteCount)
        try crashed.abandon()
      },
      tearDown: directory.remove)
  }

  private static let segmentsRead = "segments read, at most"
}

/// Logs that differ in how much they hold: counting passes ask for less than a sample has.
private final class CrashedLogs {
  private let plan: AppendPlan
  private let isFlushed: Bool
  private let surroundings: Surroundings
  private var logs: [Int: CrashedLog] = [:]
  private var directories: [WorkDirectory] = []
  private var current: CrashedLog?

  init(_ plan: AppendPlan, isFlushed: Bool, in surroundings: Surroundings) {
    self.plan = plan
    self.isFlushed = isFlushed
    self.surroundings = surroundings
  }

  var chosen: CrashedLog { current! }

  func choose(_ batchCount: Int) throws { current = try log(of: batchCount) }

  func log(of batchCount: Int) throws -> CrashedLog {
    if let log = logs[batchCount] { return log }
    let directory = try surroundings.makeDirectory()
    directories.append(directory)
    let log = try CrashedLog(
      plan.with(batchCount: batchCount), isFlushed: isFlushed, in: directory)
    logs[batchCount] = log
    return log
  }

  func remove() throws {
    for directory in directories { try directory.remove() }
  }
}
