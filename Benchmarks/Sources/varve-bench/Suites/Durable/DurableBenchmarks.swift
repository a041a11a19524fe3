import BenchHarness
import Varve

/// Appends that return once their records are on the device, beside a loop in C that writes groups
/// as large as there are appenders, and syncs after each.
enum DurableBenchmarks {
  static let all =
    [
      appends(Appenders(kind: .threads, count: 1), goals: [.ratio(atLeast: 0.9)]),
      appends(Appenders(kind: .threads, count: 8)),
      appends(Appenders(kind: .threads, count: 64), goals: [.ratio(atLeast: 0.6)]),
      appends(Appenders(kind: .tasks, count: 1), goals: [.ratio(atLeast: 0.6)]),
      appends(Appenders(kind: .tasks, count: 8)),
      appends(Appenders(kind: .tasks, count: 64), goals: [.ratio(atLeast: 0.6)]),
    ] + [groups]

  private static let syncsWaitedFor = "syncs waited for, at most"
  private static let shape = BatchShape(valueSize: 1 << 10, recordCount: 1)

  /// A record of 1 KiB at a time.
  private static func appends(_ appenders: Appenders, goals: [Goal] = []) -> Benchmark {
    Benchmark(
      "1KiB/\(appenders.kind)/\(appenders.count)", bytes: shape.byteCount,
      goals: goals + [.tally(syncsWaitedFor, atMost: 2)]
    ) { surroundings in
      let record = Record(value: [UInt8](repeating: 7, count: shape.valueSize))
      return try routine(shape, group: appenders.count, surroundings) { log, times, latencies in
        try appenders.append(record, to: log, times: times, latencies)
      }
    }
  }

  /// Groups of 64 KiB, which are what one appender brings along: so their size is known.
  private static let groups: Benchmark = {
    let shape = BatchShape(valueSize: 1 << 10, recordCount: 64)
    return Benchmark(
      "1KiBx64", records: shape.recordCount, bytes: shape.byteCount,
      goals: [
        .ratio(atLeast: 0.9),
        .tally(DeviceWatch.bytesPerByte, atMost: 1.5, isExact: false),
        // The journal is committed every few seconds besides, and there are other programs.
        .tally(DeviceWatch.flushesPerSync, atMost: 1.05, isExact: false),
      ]
    ) { surroundings in
      let batch = try shape.batch()
      return try routine(shape, group: 1, surroundings) { log, times, latencies in
        latencies.add(try LogLoops.appendDurably(batch, to: log, times: times))
      }
    }
  }()

  private typealias Loop = (Log, _ times: Int, LatencyRecord) throws -> Void

  /// A log to which all samples append, and a file beside it.
  private static func routine(
    _ shape: BatchShape, group: Int, _ surroundings: Surroundings, _ loop: @escaping Loop
  ) throws -> Routine {
    let directory = try surroundings.makeDirectory()
    let log = try LogUnderTest.open(in: directory, .durable)
    let watch = SyncWatch(log)
    let device = DeviceWatch(directory)
    let latencies = LatencyRecord()
    var count = 0
    let times = surroundings.scale(1000 * group, brief: 40 * group) / shape.recordCount
    return Routine(
      iterations: times,
      beforeSample: {
        count = $0
        device.begin()
      },
      body: { times in
        try SyncCalls.watch(watch) { try loop(log, times, latencies) }
      },
      references: [
        Reference(
          limitName, try BareRoutines.syncs(shape, group: group, times: times, in: directory))
      ],
      latencies: latencies,
      tallies: [Tally(syncsWaitedFor) { watch.mostSyncs }] + device.tallies(),
      afterSample: {
        device.end(records: count * shape.recordCount, byteCount: count * shape.byteCount)
      },
      tearDown: {
        try LogUnderTest.close(log)
        try directory.remove()
      })
  }
}

extension BareRoutines {
  /// Writes batches in groups, and syncs after each.
  fileprivate static func syncs(
    _ shape: BatchShape, group: Int, times: Int, in directory: WorkDirectory
  ) throws -> Routine {
    let batch = try StoredBatch(shape)
    let syncer = try BareSyncer(in: directory.path)
    let latencies = LatencyRecord()
    return Routine(
      iterations: times,
      body: { latencies.add(try syncer.append(batch, group: group, times: $0)) },
      latencies: latencies)
  }
}
