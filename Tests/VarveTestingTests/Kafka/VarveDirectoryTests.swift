import Testing
import Varve
import VarveTesting

/// What Kafka makes of a directory that Varve wrote and closed: nothing else than it is.
@Suite struct VarveDirectoryTests {
  /// What Kafka adds to a directory in which it finds no checkpoint of epochs.
  private static let added = ["leader-epoch-checkpoint"]

  private func expectNoLoss(
    _ outcome: KafkaLoaderModel.Outcome, _ written: [Record], cleanly: Bool
  ) throws {
    #expect(outcome.altered.isEmpty && outcome.removed.isEmpty)
    let count = Offset(rawValue: Int64(written.count))
    #expect(outcome.added == Self.added)
    for action in outcome.actions {
      switch action {
      case .created(let name):
        #expect(Self.added.contains(name) || !cleanly && name.hasSuffix(".snapshot"))
      // Of what Kafka reads anew, it makes them anew.
      case .removed(let name, .snapshotOutOfRange):
        #expect(!cleanly && name.hasSuffix(".snapshot"))
      case .recovered: #expect(!cleanly)
      default: Issue.record("\(action)")
      }
    }
    #expect(outcome.logStartOffset == 0 && outcome.logEndOffset == count)
    let served = try outcome.recordBatches().flatMap { batch in
      try batch.records().map { Record(copying: $0) }
    }
    #expect(served == written)
    for offset in 0..<written.count {
      let offset = Offset(rawValue: Int64(offset))
      let batch = try #require(try outcome.batch(holding: offset))
      #expect(batch.baseOffset <= offset && batch.lastOffset >= offset && batch.isIntact)
    }
  }

  @Test(arguments: [LogConfiguration.TailWriter.mapped, .positional], [0, 1, 7, 120])
  func closingLeavesWhatKafkaExpects(_ writer: LogConfiguration.TailWriter, _ count: Int)
    async throws
  {
    let clock = ManualClock()
    let fileSystem = SimulatedFileSystem(clock: clock)
    let stepped = SteppedRuntime(clock: clock)
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 32 << 10
    configuration.tailWriter = writer
    let log = try await Log.open(
      at: "orders-0", configuration: configuration, runtime: stepped.runtime,
      environment: .simulated(
        fileSystem: fileSystem, clock: clock, random: SeededRandom(seed: 1)))
    var written: [Record] = []
    for number in 0..<count {
      let record = Record(
        key: "k\(number)", value: [UInt8](repeating: 7, count: 1 + number * 37 % 2000),
        timestamp: Timestamp(milliseconds: 1_000_000_000_000 + Int64(number * 7919 % 1000)))
      try log.append(record)
      written.append(record)
      if number % 10 == 0 { stepped.settle() }
    }
    #expect(log.segments.count >= count / 30)
    try await log.close()

    let model = KafkaLoaderModel(of: "orders-0", in: fileSystem)
    #expect(model.files["varve.side"] != nil)
    let clean = try model.load(cleanly: true)
    try expectNoLoss(clean, written, cleanly: true)
    #expect(clean.recoveryPoint == log.end)
    try expectNoLoss(try model.load(cleanly: false), written, cleanly: false)

    // What Kafka left, it finds again.
    let again = try KafkaLoaderModel(files: clean.files).load(cleanly: true)
    #expect(again.files == clean.files && again.actions.isEmpty)
  }
}
