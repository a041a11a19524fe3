import Foundation
import VarveSystem
import VarveTesting

@testable import Varve

/// The files of a log's directory, read without the engine.
struct LogOnDisk {
  let directory: String

  /// Names of all files, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
  }

  var segments: [SegmentOnDisk] {
    get throws {
      try names.compactMap { SegmentFileName(parsing: $0) }.filter { $0.kind == .log }
        .map { try SegmentOnDisk(directory, $0.offset) }
    }
  }

  /// What all files take of the device.
  var allocatedByteCount: Int {
    get throws {
      try names.reduce(0) { sum, name in
        try sum + PosixFileSystem().status(at: directory + "/" + name).allocatedByteCount
      }
    }
  }

  /// What a crash would leave: all files as they are, in a directory that is not there yet.
  func copy(to other: String) throws {
    try FileManager.default.copyItem(atPath: directory, toPath: other)
  }
}

/// The three files of a segment.
struct SegmentOnDisk {
  struct Batch {
    let position: Int
    let header: BatchHeader
  }

  let baseOffset: Offset
  let path: SegmentPath
  let log: [UInt8]
  let offsetIndex: [UInt8]?
  let timeIndex: [UInt8]?

  init(_ directory: String, _ baseOffset: Offset) throws {
    self.baseOffset = baseOffset
    path = SegmentPath(directory: directory, baseOffset: baseOffset)
    log = try Array(Data(contentsOf: URL(fileURLWithPath: path.log)))
    offsetIndex = FileManager.default.contents(atPath: path.offsetIndex).map { Array($0) }
    timeIndex = FileManager.default.contents(atPath: path.timeIndex).map { Array($0) }
  }

  /// Its batches, each compared with its checksum.
  var batches: [Batch] {
    get throws {
      var found: [Batch] = []
      var walk = BatchWalk(log.span.bytes)
      while let batch = try walk.next() {
        try batch.checkIntegrity()
        found.append(Batch(position: walk.batchPosition, header: batch.header))
      }
      return found
    }
  }

  /// Both index files as they have to be at rest by Kafka's rule, where each append was one batch.
  func expectedIndexes(interval: Int) throws -> (offsets: [UInt8], times: [UInt8]) {
    let indexes = try KafkaIndexes(of: log, baseOffset: baseOffset, interval: interval)
    return (indexes.offsets, indexes.times)
  }

  /// Writes a segment of these batches, which say their offsets themselves, without indexes.
  static func write(_ batches: [RecordBatch], base: Offset, in directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let bytes = batches.flatMap(\.array)
    try Data(bytes).write(
      to: URL(fileURLWithPath: SegmentPath(directory: directory, baseOffset: base).log))
  }
}
