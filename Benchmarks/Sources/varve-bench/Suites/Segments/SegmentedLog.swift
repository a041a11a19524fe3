import BenchHarness
import Varve

/// A log of many small segments.
final class SegmentedLog {
  private let path: String
  private let segmentCount: Int
  private var log: Log?

  /// More than half of a segment, so that none has two of them.
  private static let valueByteCount = 3000
  private static let segmentByteCount = 4096
  /// How often something is done, to know how long it takes.
  private static let appends = 10_000
  private static let lookUps = 1000

  init(_ segmentCount: Int, in directory: WorkDirectory) throws {
    self.segmentCount = segmentCount
    path = LogUnderTest.path(in: directory)
    try SyncCalls.skip { try fill() }
    try directory.settle()
  }

  private func fill() throws {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = Self.segmentByteCount
    configuration.syncPolicy = .never
    let log = try Log.open(at: path, configuration: configuration)
    let value = filledBuffer(Self.valueByteCount)
    defer { value.deallocate() }
    try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: segmentCount)
    let found = log.segments.count
    try LogUnderTest.close(log)
    guard found == segmentCount else {
      throw LogUnderTest.UnexpectedSegments(expected: segmentCount, found: found)
    }
  }

  /// With room in its last segment for what is appended then.
  func open() throws {
    var configuration = LogConfiguration()
    configuration.syncPolicy = .never
    log = try Log.open(at: path, configuration: configuration)
  }

  /// Looks records up in segments far apart, and appends.
  func use(_ watch: SegmentWatch) throws {
    guard let log else { return }
    try watch.lookingUp(Self.lookUps) { times in
      try LogLoops.lookUp(in: log, below: segmentCount, times: times)
    }
    let value = filledBuffer(100)
    defer { value.deallocate() }
    try watch.appending(Self.appends) { times in
      try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: times)
    }
  }

  func close(_ watch: SegmentWatch) throws {
    guard let log else { return }
    try watch.closing { try LogUnderTest.close(log) }
    self.log = nil
  }
}
