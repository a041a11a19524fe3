import BenchHarness
import Varve

/// A log of many small segments, all of which are to go while it is appended to.
final class RetainedLog {
  private let segmentCount: Int
  private let path: String
  private let batch: RecordBatch?
  private var log: Log?

  /// More than half of a segment, so that none has two of them.
  private static let valueByteCount = 3000
  private static let smallByteCount = 4096
  /// What the files take in all: the large segment, and the small ones with their indexes.
  static let mostBytes = 2 << 30

  init(_ segmentCount: Int, in directory: WorkDirectory) {
    self.segmentCount = segmentCount
    path = LogUnderTest.path(in: directory)
    batch = try? KeyedPlan(recordByteCount: 1 << 10, batchRecordCount: 1, livePercent: 100)
      .batch(of: 1)
  }

  /// Makes it, and opens it with segments so large that appends begin no other.
  func renew() throws {
    var configuration = LogConfiguration()
    configuration.syncPolicy = .never
    // When it is told to, and not by itself.
    configuration.cleaningInterval = .seconds(86_400)
    configuration.segmentByteCount = Self.smallByteCount
    let small = try Log.open(at: path, configuration: configuration)
    let value = filledBuffer(Self.valueByteCount)
    defer { value.deallocate() }
    try LogLoops.append(UnsafeRawBufferPointer(value), to: small, times: segmentCount + 1)
    let last = small.segments.last?.baseOffset ?? 0
    try LogUnderTest.close(small)
    configuration.segmentByteCount = 1 << 30
    configuration.cleaner = AllBelow(offset: last)
    log = try Log.open(at: path, configuration: configuration)
    // What is made ready for the first appends is not to count.
    for _ in 0..<segmentCount { try append() }
  }

  func append() throws {
    if let batch { try log?.append(batch) }
  }

  /// Removes all segments but the last one, on a thread of this log's runtime, and waits for that.
  func drop() throws {
    let found = try log?.clean().deleted.count ?? 0
    guard found == segmentCount else {
      throw LogUnderTest.UnexpectedSegments(expected: segmentCount, found: found)
    }
  }

  /// Removes what ``renew()`` made.
  func discard() throws {
    if let log { try LogUnderTest.close(log) }
    log = nil
    try DirectoryClone.remove(path)
  }
}

/// All of a log before an offset is to go.
private struct AllBelow: CleanerPolicy {
  let offset: Offset

  func plan(_ view: CleanerView) -> [CleanerAction] {
    view.deletion { $0.endOffset <= offset }
  }
}
