import VarveSystem
import VarveTesting

@testable import Varve

/// A store in which there is something of everything that Varve writes, as this version of it does.
///
/// It is written to a simulated disk, on which time stands still: the same version writes the same bytes.
struct GoldenStore {
  static let directory = "/golden"
  /// When all of it was written, and when it is read: nothing has become too old by then.
  static let now: Int64 = 1_790_000_000_000

  let clock = ManualClock(wallMilliseconds: Self.now)
  let disk: SimulatedFileSystem

  init() { disk = SimulatedFileSystem(clock: clock) }

  static func configuration() -> LogStoreConfiguration {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 4 << 10
    configuration.log.indexIntervalByteCount = 256
    configuration.identity = MetaProperties(clusterID: "golden", nodeID: 7, directoryID: nil)
    var compacted = configuration.log
    compacted.requiresKeys = true
    compacted.cleaner = CompactionPolicy.compact(minimumDirtyRatio: 0)
    configuration.topics["compacted"] = compacted
    return configuration
  }

  /// Opens a store like it, wherever it lies now.
  static func open(
    _ directory: String, on disk: any FileSystem, _ clock: ManualClock
  ) throws -> LogStore {
    try LogStore.open(
      at: directory, configuration: configuration(), runtime: LogRuntime(steppedBy: clock),
      environment: LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 1)))
  }

  /// Writes and closes it. Returns what is in it.
  func write() throws -> [String] {
    let store = try Self.open(Self.directory, on: disk, clock)
    try writeCodecs(try make("codecs-0", 1, in: store))
    try writeEpochs(try make("epochs-0", 2, in: store))
    try writeTransactions(try make("transactions-0", 3, in: store))
    try writeDeletion(try make("deleted-0", 4, in: store))
    try writeCompaction(try make("compacted-0", 5, in: store))
    try writePositions(in: store)
    while store.runtime.step() {}
    let contents = try StoreContents.lines(of: store)
    try store.close()
    return contents
  }

  private func make(_ name: String, _ topicID: UInt128, in store: LogStore) throws -> Log {
    try store.log(
      for: try TopicPartition(parsing: name).required(), topicID: UniqueID(rawValue: topicID << 64))
  }

  private func record(_ number: Int64, key: String? = nil, byteCount: Int = 60) -> Record {
    Record(
      key: key.map { Array($0.utf8) },
      value: Array("\(number) ".utf8) + [UInt8](repeating: UInt8(ascii: "v"), count: byteCount),
      headers: number.isMultiple(of: 3) ? [RecordHeader(key: "n", value: [UInt8(number)])] : [],
      timestamp: Timestamp(milliseconds: Self.now - 100_000 + number))
  }
}

// MARK: What is in it

extension GoldenStore {
  /// Every codec, in batches and record by record, over some segments; keys and values that are not there.
  private func writeCodecs(_ log: Log) throws {
    for codec in CompressionCodec.allCases {
      var compressor = try Compressor(Compression(codec))
      for first in stride(from: Int64(0), to: 30, by: 10) {
        var builder = try RecordBatchBuilder(BatchOptions())
        for number in first..<first + 10 { try builder.append(record(number, key: "\(codec)")) }
        let batch = try builder.finish().required()
        try log.append(try compressor.compress(batch))
      }
    }
    try log.append(Record(key: nil, value: nil, timestamp: Timestamp(milliseconds: Self.now)))
    for number in 0..<20 as Range<Int64> { try log.append(record(number)) }
  }

  /// Three leaders, of whom the last has cut off what the second one had not replicated.
  private func writeEpochs(_ log: Log) throws {
    for number in 0..<10 as Range<Int64> { try log.append(record(number)) }
    for (epoch, count) in [(3, 80), (7, 25)] as [(Int32, Int64)] {
      try log.beginEpoch(LeaderEpoch(rawValue: epoch))
      for number in 0..<count { try log.append(record(number)) }
      if epoch == 3 { try log.truncate(to: 65) }
    }
  }

  /// A producer's own numbers; a transaction that counts, one that does not, and one that is open.
  private func writeTransactions(_ log: Log) throws {
    let plain = Producer(id: 11, epoch: 0)
    for number in 0..<30 as Range<Int64> { try produce(number, by: plain, to: log) }
    for (id, decision) in [(12, .committed), (13, .aborted)]
      as [(Int64, EndTransactionMarker.Outcome)]
    {
      let producer = Producer(id: id, epoch: 2)
      for number in 0..<12 as Range<Int64> {
        try produce(number, by: producer, to: log, isTransactional: true)
        try log.append(record(number))
      }
      try log.appendTransactionMarker(
        EndTransactionMarker(decision, coordinatorEpoch: 5), of: producer)
    }
    try produce(0, by: Producer(id: 14, epoch: 0), to: log, isTransactional: true)
  }

  private func produce(
    _ number: Int64, by producer: Producer, to log: Log, isTransactional: Bool = false
  ) throws {
    var builder = try RecordBatchBuilder(
      BatchOptions(
        producer: producer, baseSequence: SequenceNumber(rawValue: Int32(number)),
        isTransactional: isTransactional))
    try builder.append(record(number, key: "\(producer.id)"))
    try log.append(try builder.finish().required())
  }

  /// A log that starts within a segment, behind some that have gone.
  private func writeDeletion(_ log: Log) throws {
    for number in 0..<150 as Range<Int64> { try log.append(record(number)) }
    try log.deleteRecords(before: 77)
  }

  /// A log of which the last record of each key is kept, and keys that were deleted.
  private func writeCompaction(_ log: Log) throws {
    for number in 0..<120 as Range<Int64> {
      try log.append(record(number, key: "k\(number % 9)"))
    }
    try log.append(Record(key: "k3", value: nil, timestamp: Timestamp(milliseconds: Self.now)))
    try log.roll()
    try log.clean()
    for number in 0..<5 as Range<Int64> { try log.append(record(number, key: "k\(number)")) }
  }

  private func writePositions(in store: LogStore) throws {
    let positions = try Positions.open(in: store)
    for (group, offset) in [("audit", 4), ("billing", 12), ("billing", 15)] as [(String, Offset)] {
      try positions.commit(
        offset, for: group, of: try TopicPartition(parsing: "codecs-0").required())
    }
    try positions.commit(
      90, for: "billing", of: try TopicPartition(parsing: "deleted-0").required())
  }
}
