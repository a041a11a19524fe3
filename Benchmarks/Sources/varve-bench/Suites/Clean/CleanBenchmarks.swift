import BenchHarness
import Varve

/// Compaction of 256 MiB in four segments, beside a loop in C that reads the same bytes, compares each
/// batch with its checksum, writes all of it once more and syncs it.
///
/// Records and bytes are those that are gone through, once though they are twice: first for their keys.
enum CleanBenchmarks {
  static let all =
    [10, 50, 90].map { live in
      benchmark(
        "100Bx125/\(live)%", small(live),
        goals: live == 10 ? [.recordsPerSecond(atLeast: 5e6)] : [])
    }
    + [10, 50, 90].map { live in
      benchmark(
        "1KiBx12/\(live)%", large(live),
        goals: live == 50 ? [.gigabytesPerSecond(atLeast: 1)] : [])
    } + [
      benchmark("100Bx125/10%/lz4", small(10, .lz4), goals: []),
      benchmark("1KiBx12/50%/lz4", large(50, .lz4), goals: []), besideAppends,
      besideDrops,
    ]

  private static func small(_ live: Int, _ compression: Compression = .none) -> KeyedPlan {
    KeyedPlan(
      recordByteCount: 100, batchRecordCount: 125, livePercent: live, compression: compression)
  }

  private static func large(_ live: Int, _ compression: Compression = .none) -> KeyedPlan {
    KeyedPlan(
      recordByteCount: 1 << 10, batchRecordCount: 12, livePercent: live, compression: compression)
  }

  private static func benchmark(_ name: String, _ plan: KeyedPlan, goals: [Goal]) -> Benchmark {
    Benchmark(
      name, records: plan.recordCount, bytes: plan.recordCount * plan.recordByteCount,
      goals: goals
    ) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      let log = try KeyedLog(plan, in: directory)
      let copied = try CopiedSegments(log.segmentPaths, in: directory)
      let memory = MemoryWatch()
      var report: CompactionReport?
      return Routine(
        iterations: 1, countedThreads: .callingButForReferences,
        beforeSample: { _ in
          try log.renew()
          memory.begin()
        },
        body: { _ in report = try log.compact() },
        references: [
          Reference(limitName, Routine(iterations: 1, body: { _ in try copied.check() }))
        ],
        tallies: [
          Tally("bytes left/byte") {
            report.map { Double($0.byteCountAfter) / Double($0.byteCountBefore) }
          },
          Tally("memory, MiB") { memory.peakByteCount.map { Double($0) / Double(1 << 20) } },
        ],
        afterSample: {
          memory.end()
          try log.discard()
        },
        tearDown: directory.remove)
    }
  }

  /// Appends to a log, first alone, and then while the part of it that is full is compacted.
  private static var besideAppends: Benchmark {
    Benchmark.latency(
      "appends", bytes: 1 << 10, pace: .perSecond(100_000),
      goals: [.latency(.p999, of: "beside", to: "alone", atMost: 3)]
    ) { surroundings in
      let plan = KeyedPlan(
        recordByteCount: 1 << 10, batchRecordCount: 12, livePercent: 50, byteCount: 768 << 20
      ).scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      let log = try KeyedLog(plan, in: directory)
      let batch = try plan.batch(of: 1)
      return appends(
        surroundings, { try log.append(batch) }, beside: { _ = try log.compact() },
        beforeRun: log.renew, afterRun: log.discard, tearDown: directory.remove)
    }
  }

  /// Appends to a log, first alone, and then while 20,000 segments of it are removed.
  private static var besideDrops: Benchmark {
    Benchmark.latency(
      "appends/drop", bytes: 1 << 10, pace: .perSecond(100_000),
      goals: [.latency(.p999, of: "beside", to: "alone", atMost: 1.5)]
    ) { surroundings in
      let directory = try surroundings.makeDirectoryInMemory(for: RetainedLog.mostBytes)
      let log = RetainedLog(surroundings.scale(20_000, brief: 200), in: directory)
      return appends(
        surroundings, log.append, beside: log.drop, beforeRun: log.renew, afterRun: log.discard,
        tearDown: directory.remove)
    }
  }
}

extension CleanBenchmarks {
  /// So many appends alone, and as many while another thread does something, which takes no less time than they.
  private static func appends(
    _ surroundings: Surroundings, _ append: @escaping () throws -> Void,
    beside other: @escaping () throws -> Void, beforeRun: @escaping () throws -> Void,
    afterRun: @escaping () throws -> Void, tearDown: @escaping () throws -> Void
  ) -> LatencyRoutine {
    let half = surroundings.scale(40_000, brief: 20)
    let cleaning = Slot<CleaningThread>()
    return LatencyRoutine(
      operations: 2 * half,
      kinds: LatencyRoutine.Kinds(["alone", "beside"]) { $0 < half ? 0 : 1 },
      countedThreads: .calling,
      beforeRun: beforeRun,
      operation: { index in
        if index == half { cleaning.value = try CleaningThread(other) }
        try append()
      },
      references: [],
      afterRun: {
        try cleaning.value?.join()
        cleaning.value = nil
        try afterRun()
      },
      tearDown: tearDown)
  }
}

/// The same segments, to be gone through and written by the loop in C.
private struct CopiedSegments {
  private let checkers: [BareChecker]

  init(_ paths: [String], in directory: WorkDirectory) throws {
    let copies = try directory.makeDirectory("copies")
    checkers = try paths.enumerated().map { number, path in
      let copy = "\(copies)/\(number)"
      try DirectoryClone.copy(path, to: copy)
      return try BareChecker(of: copy)
    }
  }

  func check() throws {
    for checker in checkers { try checker.run(rewriting: true) }
  }
}
