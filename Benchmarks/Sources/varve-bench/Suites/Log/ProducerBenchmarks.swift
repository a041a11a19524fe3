import BenchHarness
import Varve

/// What it costs that producers number their records, and that readers want those that count.
enum ProducerBenchmarks {
  static let all = [appends, scans, snapshots]

  private static let plain = "plain"

  /// One record in each call, of a producer that numbers them, beside one that does not.
  private static let appends = Benchmark(
    "append/100B", records: 1, bytes: AppendPlan.numbered.shape.byteCount,
    goals: [.ratio(to: plain, atLeast: 0.87)]
  ) { surroundings in
    let plan = AppendPlan.numbered.scaled(to: surroundings)
    let directory = try surroundings.makeDirectory()
    let (numbered, plainBatches) = try batches(of: plan)
    return try LogRoutines.appends(
      plan, in: directory,
      loop: { log, iterations in try LogLoops.append(numbered, to: log, times: iterations) },
      references: [
        Reference(
          plain,
          LogRoutines.appends(plan, in: directory) { log, iterations in
            try LogLoops.append(plainBatches, to: log, times: iterations)
          })
      ], tearDown: directory.remove)
  }

  /// The same records, numbered and not.
  ///
  /// Made by turns, and now the one first, now the other: how far memory is away follows from the order in
  /// which it was taken, and of two loops that do the same one took a third longer.
  private static func batches(of plan: AppendPlan) throws -> ([RecordBatch], [RecordBatch]) {
    var (numbered, plain): ([RecordBatch], [RecordBatch]) = ([], [])
    for number in 0..<plan.batchCount {
      let options = BatchOptions(
        producer: Producer(id: 1, epoch: 0),
        baseSequence: SequenceNumber(rawValue: Int32(number)))
      if number.isMultiple(of: 2) { plain.append(try plan.shape.batch()) }
      numbered.append(try plan.shape.batch(options))
      if !number.isMultiple(of: 2) { plain.append(try plan.shape.batch()) }
    }
    return (numbered, plain)
  }

  /// All batches of a log in which nothing was aborted, by those who want committed records alone.
  private static let scans = Benchmark(
    "scan/committed/100B", records: 1, bytes: AppendPlan.scanned100B.shape.byteCount,
    goals: [.ratio(to: plain, atLeast: 0.9)]
  ) { surroundings in
    let directory = try surroundings.makeDirectory()
    let stored = try StoredLog(AppendPlan.scanned100B.scaled(to: surroundings), in: directory)
    return Routine(
      body: stored.scanCommitted,
      references: [Reference(plain, Routine(body: stored.scan))],
      tearDown: {
        try stored.close()
        try directory.remove()
      })
  }

  /// The bytes of a snapshot of a million producers, and what memory these take, from when on they have sent
  /// a batch, and from the second one on.
  private static let snapshots = Benchmark(
    "snapshot/1M", records: producerCount, bytes: producerCount * ProducerSnapshotEntry.byteCount,
    goals: []
  ) { surroundings in
    let directory = try surroundings.makeDirectory()
    var configuration = LogConfiguration()
    configuration.maximumProducerCount = producerCount
    let log = try Log.open(
      at: LogUnderTest.path(in: directory), configuration: configuration)
    let count = surroundings.isBrief ? 1000 : producerCount
    let first = try growth { try appendBatch(0, ofEach: count, to: log) }
    let second = try growth { try appendBatch(1, ofEach: count, to: log) }
    return Routine(
      body: { iterations in
        for _ in 0..<iterations { blackHole(log.producers.encoded.count) }
      },
      tallies: [
        Tally("bytes a producer, one batch") { first.map { Double($0 / count) } },
        Tally("and more, from the second on") { second.map { Double($0 / count) } },
      ],
      tearDown: {
        try LogUnderTest.close(log)
        try directory.remove()
      })
  }

  private static func appendBatch(_ number: Int32, ofEach count: Int, to log: Log) throws {
    let shape = BatchShape(valueSize: 10, recordCount: 1)
    for id in 0..<count {
      let options = BatchOptions(
        producer: Producer(id: Int64(id), epoch: 0), baseSequence: SequenceNumber(rawValue: number))
      try log.append(try shape.batch(options))
    }
  }

  /// How much more memory the process has afterwards; nil where the kernel does not say.
  private static func growth(_ body: () throws -> Void) rethrows -> Int? {
    let before = ProcessResources().ownByteCount
    try body()
    guard let before, let after = ProcessResources().ownByteCount else { return nil }
    return max(0, after - before)
  }

  private static let producerCount = 1_000_000
}
