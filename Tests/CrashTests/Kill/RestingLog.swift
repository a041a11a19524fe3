import Foundation

@testable import Varve

/// A log's directory after a clean close, looked at without the engine: what Kafka is to find there.
struct RestingLog {
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private let directory: String
  private let indexInterval = LogConfiguration().indexIntervalByteCount

  init(_ directory: String) { self.directory = directory }

  /// - Parameter end: The log's end, where that is known.
  func check(end: Offset? = nil) throws {
    let listing = DirectoryListing(
      try FileManager.default.contentsOfDirectory(atPath: directory))
    guard listing.spares.isEmpty, listing.temporaries.isEmpty else {
      throw Problem(description: "left behind: \(listing.spares), \(listing.temporaries)")
    }
    var next: Offset = 0
    for base in listing.bases {
      guard base == next else {
        throw Problem(description: "a segment \(base) where \(next) is next")
      }
      next = try checkSegment(base)
    }
    if let end, next != end {
      throw Problem(description: "the segments end at \(next), and the log at \(end)")
    }
  }

  /// Whole batches one behind the other and nothing else, and the indexes that Kafka would have.
  private func checkSegment(_ base: Offset) throws -> Offset {
    let path = SegmentPath(directory: directory, baseOffset: base)
    let bytes = try contents(path.log)
    var (next, index) = (base, ExpectedIndexes(baseOffset: base, interval: indexInterval))
    var walk = BatchWalk(bytes.span.bytes)
    while let batch = try walk.next() {
      try batch.checkIntegrity()
      let header = batch.header
      guard header.baseOffset == next else {
        throw Problem(description: "\(header.baseOffset) where \(next) is next in \(path.log)")
      }
      next = header.nextOffset
      try index.add(header, at: walk.batchPosition)
    }
    guard walk.position == bytes.count else {
      throw Problem(
        description: "\(path.log) has \(bytes.count) bytes, \(walk.position) of batches")
    }
    try index.finish()
    guard try contents(path.offsetIndex) == index.offsets,
      try contents(path.timeIndex) == index.times
    else { throw Problem(description: "an index of \(path.log) is not what its batches say") }
    return next
  }

  private func contents(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path)))
  }
}

/// A segment's indexes by Kafka's rule, where each append was one batch.
private struct ExpectedIndexes {
  let baseOffset: Offset
  let interval: Int
  private(set) var offsets: [UInt8] = []
  private(set) var times: [UInt8] = []
  private var newest: TimeIndexEntry
  private var lastPosition = 0
  private var lastTime = Timestamp.none

  init(baseOffset: Offset, interval: Int) {
    self.baseOffset = baseOffset
    self.interval = interval
    newest = TimeIndexEntry(timestamp: .none, offset: baseOffset)
  }

  mutating func add(_ header: BatchHeader, at position: Int) throws {
    if header.maxTimestamp > newest.timestamp {
      newest = TimeIndexEntry(timestamp: header.maxTimestamp, offset: header.lastOffset)
    }
    guard position - lastPosition > interval else { return }
    lastPosition = position
    let entry = OffsetIndexEntry(offset: header.lastOffset, position: position)
    let bytes = try entry.encoded(relativeTo: baseOffset)
    offsets += bytes.indices.map { bytes[$0] }
    try finish()
  }

  /// Adds the newest time, if it is later than the last one.
  mutating func finish() throws {
    guard newest.timestamp > lastTime else { return }
    lastTime = newest.timestamp
    let bytes = try newest.encoded(relativeTo: baseOffset)
    times += bytes.indices.map { bytes[$0] }
  }
}
