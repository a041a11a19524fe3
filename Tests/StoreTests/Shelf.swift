import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A store on a simulated disk, whose process ends at will.
struct Shelf {
  let clock = ManualClock()
  var disk: SimulatedFileSystem
  var configuration = LogStoreConfiguration()

  static let directory = "/store"

  init() {
    disk = SimulatedFileSystem(clock: clock, totalByteCount: 64 << 20)
    configuration.log.segmentByteCount = 4 << 10
    configuration.log.indexIntervalByteCount = 0
    configuration.log.tailWriter = .positional
  }

  /// The same disk at this moment once more.
  func fork() -> Shelf {
    var copy = self
    copy.disk = disk.fork()
    return copy
  }

  func open() throws -> LogStore {
    try LogStore.open(
      at: Self.directory, configuration: configuration,
      runtime: LogRuntime(steppedBy: clock),
      environment: LogEnvironment(fileSystem: disk, time: clock, random: SeededRandom(seed: 1)))
  }

  func settle(_ store: LogStore) { while store.runtime.step() {} }

  /// The files and directories in the store's directory, or one in it.
  func names(_ path: String = "") throws -> [String] {
    try disk.list(Self.directory + path).sorted()
  }

  func text(_ name: String) -> String? {
    disk.files(in: Self.directory)[name].map { String(decoding: $0, as: UTF8.self) }
  }

  func write(_ text: String, to path: String) throws {
    let file = try OpenFile(Self.directory + "/" + path, .writingOrCreating, in: disk)
    try file.truncate(to: 0)
    try file.write(Array(text.utf8).span.bytes, at: 0)
    try file.syncAll()
    try disk.syncDirectory(Self.directory)
  }

  /// What Kafka makes of a log.
  func load(_ partition: TopicPartition) throws -> KafkaLoaderModel.Outcome {
    let files = StoreFiles(directory: Self.directory, fileSystem: disk)
    func offset(_ name: CheckpointName) throws -> Offset {
      try files.checkpoint(name)?.offsets[partition] ?? 0
    }
    return try KafkaLoaderModel(of: "\(Self.directory)/\(partition)", in: disk).load(
      cleanly: text(".kafka_cleanshutdown") != nil, recoveryPoint: offset(.recoveryPoints),
      logStartOffset: offset(.logStartOffsets))
  }
}

extension KafkaLoaderModel.Outcome {
  /// What Kafka did, but for what it does to logs that nobody led, or whose start has moved on.
  var destroyed: [KafkaLoaderModel.Action] {
    actions.filter { action in
      switch action {
      case .created("leader-epoch-checkpoint"), .removed(_, .snapshotOutOfRange): false
      default: true
      }
    }
  }
}

extension TopicPartition {
  static func named(_ name: String) throws -> TopicPartition {
    try #require(TopicPartition(parsing: name))
  }
}

extension LogStore {
  func logNow(_ name: String) throws -> Log { try log(for: .named(name)) }
  func found(_ name: String) throws -> Log? { self[try .named(name)] }
  @discardableResult
  func deleteNow(_ name: String) throws -> Bool { try delete(.named(name)) }
  func closeNow() throws { try close() }
  func checkpointsNow() throws { try checkpoint() }
}

extension Log {
  /// Appends records of so many bytes each.
  func fill(_ count: Int, byteCount: Int = 500) throws {
    for _ in 0..<count {
      try append(
        Record(
          value: [UInt8](repeating: UInt8(truncatingIfNeeded: end.rawValue), count: byteCount)))
    }
  }

  func flushNow() throws { try flush() }
  func deleteNow(before offset: Offset) throws { try deleteRecords(before: offset) }
  func restart(at offset: Offset) throws { try truncateFully(startingAt: offset) }
  func closeNow() throws { try close() }

  /// The offsets of all records, and whether each holds what `fill` puts there.
  func filled() throws -> (offsets: [Offset], areRight: Bool) {
    var (offsets, areRight): ([Offset], Bool) = ([], true)
    var scan = try scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        offsets.append(record.offset)
        let byte = UInt8(truncatingIfNeeded: record.offset.rawValue)
        areRight = areRight && Record(copying: record).value?.allSatisfy { $0 == byte } == true
      }
    }
    return (offsets, areRight)
  }
}

/// What a call throws; nil where it does not.
func failure(_ body: () throws -> Void) -> LogError? {
  do {
    try body()
    return nil
  } catch {
    return error as? LogError
  }
}
