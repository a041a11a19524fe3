import FuzzSupport
import Varve
import VarveTesting

/// A small log as its writer has left it, which inputs damage.
struct SoundLog {
  let disk: SimulatedFileSystem

  static let directory = "/log"
  static let clock = ManualClock()

  /// Segments of three batches or four: then their indexes are full.
  static let configuration: LogConfiguration = {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 4096
    configuration.indexIntervalByteCount = 0
    configuration.indexByteCount = 36
    return configuration
  }()

  /// An empty directory, and logs with plain records, with leaders, producers and transactions, and
  /// with a start in the midst of a segment; each closed, and killed.
  static let all: [SoundLog] =
    [SoundLog()]
    + [false, true].flatMap { isClosed in
      History.allCases.map { SoundLog($0, isClosed: isClosed) }
    }

  /// What was done to a log.
  private enum History: CaseIterable { case plain, produced, deleted }

  private init() { disk = SimulatedFileSystem(clock: Self.clock) }

  private init(_ history: History, isClosed: Bool) {
    let fresh = SimulatedFileSystem(clock: Self.clock)
    let stepped = SteppedRuntime(clock: Self.clock)
    do throws(LogError) {
      let log = try Log.open(
        at: Self.directory, configuration: Self.configuration, runtime: stepped.runtime,
        environment: .simulated(
          fileSystem: fresh, clock: Self.clock, random: SeededRandom(seed: 1)))
      switch history {
      case .plain: try Self.appendPlain(log)
      case .produced: try Self.appendProduced(log)
      case .deleted: try Self.appendAndDelete(log)
      }
      stepped.settle()
      if isClosed { try log.close() } else { fresh.crash(.kill, seed: 0) }
    } catch {
      fail("a sound log cannot be made: \(error)")
    }
    // What is written from now on has another time.
    Self.clock.advance(byMilliseconds: 1000)
    // Nobody has it open, nor in memory.
    disk = fresh.fork()
  }

  private static func record(_ number: Int) -> Record {
    Record(
      key: "key \(number % 3)", value: "what record \(number) says",
      timestamp: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
  }

  private static func appendPlain(_ log: Log) throws(LogError) {
    for number in 0..<11 { try log.append([record(2 * number), record(2 * number + 1)]) }
    _ = try log.flush()
    try log.append(record(22))
  }

  private static func appendProduced(_ log: Log) throws(LogError) {
    var compressor = try Compressor(.zstd)
    let compressed = try compressor.compress(batch([record(1), record(2)]))
    for number in 0..<4 as Range<Int32> {
      try log.beginEpoch(LeaderEpoch(rawValue: number + 1))
      for id in 0..<2 as Range<Int64> {
        var options = BatchOptions()
        options.producer = Producer(id: id, epoch: 0)
        options.baseSequence = SequenceNumber(rawValue: number)
        options.isTransactional = id == 0
        try log.append(batch([record(Int(number))], options))
      }
      let outcome: EndTransactionMarker.Outcome = number == 1 ? .aborted : .committed
      if number == 3 { continue }
      _ = try log.appendTransactionMarker(
        EndTransactionMarker(outcome, coordinatorEpoch: 0), of: Producer(id: 0, epoch: 0))
      try log.append(compressed)
    }
  }

  private static func appendAndDelete(_ log: Log) throws(LogError) {
    try appendPlain(log)
    _ = try log.deleteRecords(before: Offset(rawValue: 9))
  }

  private static func batch(
    _ records: [Record], _ options: BatchOptions = BatchOptions()
  ) throws(LogError) -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for record in records { try builder.append(record) }
    guard let batch = builder.finish() else { fail("no batch of \(records.count) records") }
    return batch
  }
}
