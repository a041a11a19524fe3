import BenchHarness
import Varve

/// A store of many logs, of some small segments each.
final class ManyLogs {
  let count: Int
  private let path: String
  private var store: LogStore?

  private static let segmentCount = 10
  /// More than half of a segment, so that none has two of them.
  private static let valueByteCount = 3000
  private static let segmentByteCount = 4096
  /// What a process may have open in many places.
  private static let descriptorLimit = 1024
  /// How many appends there are from one look at what the process holds to the next.
  private static let stride = 500

  init(_ count: Int, in directory: WorkDirectory) throws {
    self.count = count
    path = "\(directory.path)/store"
    try SyncCalls.skip { try fill() }
    try directory.settle()
  }

  private func fill() throws {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = Self.segmentByteCount
    configuration.log.syncPolicy = .never
    // Nothing is made ready for so little.
    configuration.log.tailWriter = .positional
    let store = try LogStore.open(at: path, configuration: configuration)
    let value = filledBuffer(Self.valueByteCount)
    defer { value.deallocate() }
    for number in 0..<count {
      let log = try store.log(for: Self.partition(number))
      try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: Self.segmentCount)
    }
    try store.close()
  }

  private static func partition(_ number: Int) throws -> TopicPartition {
    guard let partition = TopicPartition(topic: "benchmark", partition: Int32(number)) else {
      throw NoPartition(number: number)
    }
    return partition
  }

  private struct NoPartition: Error {
    let number: Int
  }

  /// Opens all of them, with room in their last segments for what is appended then, and no more: what is
  /// made ready ahead of each end is not what is measured.
  func open() throws {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 16 * Self.segmentByteCount
    let store = try DescriptorLimit.lowered(to: Self.descriptorLimit) {
      try LogStore.open(at: path, configuration: configuration, runtime: LogRuntime())
    }
    guard store.opening.openedCount == count, store.opening.wasClean else {
      throw UnexpectedStore(report: store.opening)
    }
    self.store = store
  }

  struct UnexpectedStore: Error {
    let report: StoreReport
  }

  /// Appends a record to each.
  func append(_ watch: StoreWatch) throws {
    guard let store else { return }
    let value = filledBuffer(100)
    defer { value.deallocate() }
    for (number, partition) in store.partitions.enumerated() {
      guard let log = store[partition] else { throw NoPartition(number: number) }
      try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: 1)
      if number % Self.stride == 0 { watch.look() }
    }
  }

  func close() throws {
    try store?.close()
    store = nil
  }
}
