import Testing
import Varve
import VarveTesting

/// A partition's directory that a test puts together.
struct KafkaDirectory {
  var files: [String: [UInt8]] = ["leader-epoch-checkpoint": []]
  var modified: [String: Timestamp] = [:]

  /// So large that every other batch has an entry in the offset index.
  static let valueByteCount = 3000

  /// A batch of one record at each offset, whose times are a thousand times as much.
  static func batch(
    _ offsets: ClosedRange<Int64>, epoch: LeaderEpoch = .none, producer: Int64? = nil
  ) throws -> [UInt8] {
    var options = BatchOptions()
    if let producer {
      options = BatchOptions(
        producer: Producer(id: producer, epoch: 0), baseSequence: 0, isTransactional: true)
    }
    options.baseOffset = Offset(rawValue: offsets.lowerBound)
    options.leaderEpoch = epoch
    var builder = try RecordBatchBuilder(options)
    for offset in offsets {
      try builder.append(
        Record(
          key: "k\(offset)", value: [UInt8](repeating: 1, count: valueByteCount / offsets.count),
          timestamp: time(of: offset)))
    }
    let batch = builder.finish()
    return try #require(batch).array
  }

  /// A batch that ends a producer's transaction.
  static func marker(
    _ outcome: EndTransactionMarker.Outcome, at offset: Int64, producer: Int64
  ) throws -> [UInt8] {
    try RecordBatch(
      EndTransactionMarker(outcome, coordinatorEpoch: 0), by: Producer(id: producer, epoch: 0),
      at: time(of: offset), baseOffset: Offset(rawValue: offset)
    ).array
  }

  static func time(of offset: Int64) -> Timestamp { Timestamp(milliseconds: 1000 * offset) }

  /// Adds a segment of batches, with the indexes that Kafka writes.
  mutating func add(_ base: Offset, _ batches: [[UInt8]]) throws {
    let log = Array(batches.joined())
    let indexes = try KafkaIndexes(of: log, baseOffset: base, interval: 4096)
    self[base, .log] = log
    self[base, .offsetIndex] = indexes.offsets
    self[base, .timeIndex] = indexes.times
  }

  /// Adds a segment of batches of one record.
  mutating func add(_ offsets: ClosedRange<Int64>, epoch: LeaderEpoch = .none) throws {
    try add(
      Offset(rawValue: offsets.lowerBound),
      offsets.map { try Self.batch($0...$0, epoch: epoch) })
  }

  subscript(base: Offset, kind: SegmentFileName.Kind) -> [UInt8]? {
    get { files[Self.name(base, kind)] }
    set { files[Self.name(base, kind)] = newValue }
  }

  static func name(
    _ base: Offset, _ kind: SegmentFileName.Kind,
    _ transition: SegmentFileName.Transition? = nil
  ) -> String {
    SegmentFileName(base, kind, transition: transition).description
  }

  /// Gives the files of a segment the names that they have while they replace others.
  mutating func rename(_ base: Offset, _ transition: SegmentFileName.Transition) {
    for kind in [SegmentFileName.Kind.log, .offsetIndex, .timeIndex] {
      files[Self.name(base, kind, transition)] = files.removeValue(forKey: Self.name(base, kind))
    }
  }

  func load(
    cleanly: Bool, recoveryPoint: Offset = 0, logStartOffset: Offset = 0
  ) throws -> KafkaLoaderModel.Outcome {
    try KafkaLoaderModel(files: files, modified: modified).load(
      cleanly: cleanly, recoveryPoint: recoveryPoint, logStartOffset: logStartOffset)
  }
}

extension RecordBatch {
  var array: [UInt8] { [UInt8](bytes) }
}

extension KafkaLoaderModel.Outcome {
  /// The offsets that are served, all records being one to an offset.
  var offsets: [Int64] {
    get throws {
      try batches.flatMap { Array($0.baseOffset.rawValue...$0.lastOffset.rawValue) }
    }
  }

  subscript(base: Offset, kind: SegmentFileName.Kind) -> [UInt8]? {
    files[KafkaDirectory.name(base, kind)]
  }
}

/// The numbers of a range.
func list(_ range: ClosedRange<Int64>) -> [Int64] { Array(range) }
