import VarveSystem
import VarveTesting

@testable import Varve

/// A program of producers on a simulated disk, from a seed, with crashes, and what must be known of it.
struct ProducerRun {
  private static let directory = "/log"

  /// A batch or a marker that was appended, by what it is.
  private struct Entry: Hashable {
    var offset: Int64
    var count: Int64
    /// Negative for nobody's.
    var producer: Int
    var sequence: Int32 = -1
    var isTransactional = false
    var outcome: EndTransactionMarker.Outcome?

    var next: Int64 { offset + count }
  }

  private let disk: SimulatedFileSystem
  private let clock: ManualClock
  private var random: SplitMix
  private var log: Log?
  private var runtime: LogRuntime
  private var entries: [Entry] = []
  /// What lies before is not lost.
  private var durable: Int64 = 0
  private(set) var journal: [String] = []

  private static let producerCount = 3

  init(seed: UInt64, _ silenced: SilencedSyncs? = nil) {
    clock = ManualClock()
    disk = SimulatedFileSystem(clock: clock, seed: seed)
    disk.silencedSyncs = silenced
    random = SplitMix(seed: seed)
    runtime = LogRuntime(steppedBy: clock)
  }

  mutating func run() throws {
    try open()
    for _ in 0..<60 {
      try step()
      if disk.isStopped { try crash() }
    }
    disk.stop(afterOperation: .max)
    try close()
    try open()
    try check()
  }
}

// MARK: Steps

extension ProducerRun {
  private mutating func step() throws {
    do {
      switch random.number(below: 16) {
      case 0..<7: try send()
      case 7..<9: try endTransaction()
      case 9: try append(Entry(offset: end, count: 1, producer: -1), try plain())
      case 10: try current.flush()
      case 11, 12: settle()
      case 13:
        try close()
        try open()
        try check()
      case 14: try resend()
      default: disk.stop(afterOperation: disk.mutationCount + random.number(below: 40))
      }
    } catch let error as LogError where disk.isStopped {
      journal.append("  stopped: \(error.code)")
    }
  }

  private var current: Log {
    get throws { try required(log, "the log is not open") }
  }

  private var end: Int64 { entries.last?.next ?? 0 }

  private mutating func settle() {
    for _ in 0..<1000 where !runtime.step() { return }
  }

  private func plain() throws -> RecordBatch {
    var builder = try RecordBatchBuilder()
    try builder.append(Record(value: [UInt8](repeating: 1, count: 200), timestamp: Timestamp.none))
    let batch = builder.finish()
    return try required(batch, "no batch")
  }

  private func batch(_ entry: Entry) throws -> RecordBatch {
    let options = BatchOptions(
      producer: Producer(id: Int64(entry.producer), epoch: 0),
      baseSequence: SequenceNumber(rawValue: entry.sequence),
      isTransactional: entry.isTransactional)
    var builder = try RecordBatchBuilder(options)
    for _ in 0..<entry.count {
      try builder.append(
        Record(
          value: [UInt8](repeating: UInt8(entry.producer), count: 300),
          timestamp: Timestamp(milliseconds: clock.wallMilliseconds)))
    }
    let batch = builder.finish()
    return try required(batch, "no batch")
  }

  private mutating func send() throws {
    let producer = random.number(below: Self.producerCount)
    let entry = Entry(
      offset: end, count: Int64(1 + random.number(below: 3)), producer: producer,
      sequence: nextSequence(producer),
      isTransactional: openSince(producer) != nil || producer > 0 && random.isOne(in: 2))
    try append(entry, try batch(entry))
  }

  private mutating func append(_ entry: Entry, _ batch: RecordBatch) throws {
    journal.append("\(entry)")
    // The world may end within: then it may be there, or not.
    entries.append(entry)
    let receipt = try current.append(batch)
    try require(!receipt.isDuplicate, "taken for a duplicate")
    try require(receipt.baseOffset.rawValue == entry.offset, "appended at \(receipt.baseOffset)")
  }

  private mutating func endTransaction() throws {
    let producer = random.number(below: Self.producerCount)
    guard openSince(producer) != nil else { return }
    let outcome: EndTransactionMarker.Outcome = random.isOne(in: 2) ? .aborted : .committed
    let entry = Entry(offset: end, count: 1, producer: producer, outcome: outcome)
    journal.append("\(entry)")
    entries.append(entry)
    try current.appendTransactionMarker(
      EndTransactionMarker(outcome, coordinatorEpoch: 0),
      of: Producer(id: Int64(producer), epoch: 0))
  }

  /// Each producer's last five batches are recognised, whatever has happened since.
  private mutating func resend() throws {
    let log = try current
    for producer in 0..<Self.producerCount {
      for entry in sent(producer).suffix(5) {
        let receipt = try log.append(try batch(entry))
        try require(receipt.isDuplicate, "\(entry) is not recognised")
        try require(
          receipt.baseOffset.rawValue == entry.offset && receipt.nextOffset.rawValue == entry.next,
          "\(entry) is said to lie at \(receipt.baseOffset)")
      }
    }
    try require(log.end.rawValue == end, "something was appended again")
  }
}

// MARK: Lives

extension ProducerRun {
  private mutating func open() throws {
    runtime = LogRuntime(steppedBy: clock)
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 4096
    log = try Log.open(
      at: Self.directory, configuration: configuration, runtime: runtime,
      environment: LogEnvironment(
        fileSystem: disk, time: clock, random: SeededRandom(seed: 1)))
  }

  private mutating func close() throws {
    try current.close()
    guard !disk.isStopped else { return }
    log = nil
    durable = end
    let outcome = try KafkaLoaderModel(of: Self.directory, in: disk).load(cleanly: true)
    try require(
      outcome.altered.isEmpty && outcome.removed.isEmpty,
      "Kafka changed \(outcome.altered) and removed \(outcome.removed)")
    try require(
      outcome.added.allSatisfy { $0 == "leader-epoch-checkpoint" }, "Kafka added \(outcome.added)")
  }

  private mutating func crash() throws {
    durable = max(durable, log?.durableEnd.rawValue ?? 0)
    let isPower = random.isOne(in: 2)
    journal.append("crash: \(isPower ? "power" : "kill"), durable \(durable) of \(end)")
    log = nil
    disk.crash(isPower ? .power : .kill, seed: random.next())
    try open()
    let found = try current.end.rawValue
    try require(found >= durable && found <= end, "\(found) are left of \(durable)...\(end)")
    try require(found == 0 || entries.contains { $0.next == found }, "\(found) is within a batch")
    entries.removeAll { $0.offset >= found }
    durable = found
    try check()
  }
}

// MARK: What must be known

extension ProducerRun {
  private func sent(_ producer: Int) -> [Entry] {
    entries.filter { $0.producer == producer && $0.outcome == nil }
  }

  private func nextSequence(_ producer: Int) -> Int32 {
    sent(producer).last.map { $0.sequence + Int32($0.count) } ?? 0
  }

  /// Where a producer's open transaction begins.
  private func openSince(_ producer: Int) -> Int64? {
    let behind = entries.lastIndex { $0.producer == producer && $0.outcome != nil }
    return entries[(behind.map { $0 + 1 } ?? 0)...]
      .first { $0.producer == producer && $0.isTransactional }?.offset
  }

  private var stableEnd: Int64 {
    (0..<Self.producerCount).compactMap { openSince($0) }.min() ?? end
  }

  /// The offsets whose records count: those in no transaction, and those whose next marker says so.
  private var committed: [Int64] {
    var outcomes: [Int: EndTransactionMarker.Outcome] = [:]
    var found: [Int64] = []
    for entry in entries.reversed() {
      if let outcome = entry.outcome {
        outcomes[entry.producer] = outcome
      } else if entry.offset < stableEnd,
        !entry.isTransactional || outcomes[entry.producer] == .committed
      {
        found += (entry.offset..<entry.next).reversed()
      }
    }
    return found.reversed()
  }

  private mutating func check() throws {
    let log = try current
    let known = log.producers.entries
    for producer in 0..<Self.producerCount {
      let state = known.first { $0.producer.id == Int64(producer) }
      let last = sent(producer).last
      try require(
        state?.lastBatch?.lastOffset.rawValue == last.map { $0.next - 1 }
          && state?.lastBatch?.lastSequence.rawValue
            == last.map { $0.sequence + Int32($0.count) - 1 },
        "of \(producer) is known \(state.map { "\($0)" } ?? "nothing"), its last is \(last as Any)")
      try require(
        state?.transactionStart?.rawValue == openSince(producer),
        "\(producer) has a transaction open since \(state?.transactionStart as Any)")
    }
    try require(log.lastStableOffset.rawValue == stableEnd, "stable up to \(log.lastStableOffset)")
    var found: [Int64] = []
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    while let batch = try scan.next() {
      found += batch.header.offsets.lowerBound.rawValue..<batch.header.nextOffset.rawValue
    }
    try require(found == committed, "\(found) are read, \(committed) count")
    try resend()
  }

  private func required<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw SimulationFailure(what) }
    return value
  }
}
