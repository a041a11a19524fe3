import CLinuxForTests
import Foundation
import Testing
import Varve
import VarveFormat

/// A log of many segments for tests to read slices of.
struct FilledLog: Sendable {
  let log: Log
  let directory: String

  /// Calls `body` with a log of batches of all sizes, which is closed afterwards.
  static func with(
    _ place: Place, byteCount: Int = 600 << 10, segmentByteCount: Int = 128 << 10,
    transport: ZeroCopyReader.Transport = .automatic, runtime: LogRuntime = .shared,
    _ body: (FilledLog, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration(segmentByteCount: segmentByteCount)
      let log = try await Log.open(
        at: directory, configuration: configuration, runtime: runtime)
      let filled = FilledLog(log: log, directory: directory)
      try filled.fill(byteCount)
      try await body(filled, ZeroCopyReader(log, transport: transport))
      try await log.close()
    }
  }

  /// Appends batches of one record and of many, small and large.
  func fill(_ byteCount: Int) throws {
    let end = log.byteCount + byteCount
    var number = 0
    while log.byteCount < end {
      defer { number += 1 }
      let size = [10, 400, 3000, 50][number % 4] + (number % 65 == 7 ? 40_000 : 0)
      let value = Array(Self.pattern[number % 251..<number % 251 + size])
      let time = Timestamp(milliseconds: Self.firstTime + Int64(log.end.rawValue))
      if number % 5 == 0 {
        let records = (0..<4).map { step in
          Record(
            key: "\(step)", value: value,
            timestamp: Timestamp(milliseconds: time.rawValue + Int64(step)))
        }
        try log.append(records)
      } else {
        try log.append(Record(key: "\(number)", value: value, timestamp: time))
      }
    }
  }

  /// Values that are one behind the other begin with different bytes.
  private static let pattern = (0..<45_000).map { UInt8(truncatingIfNeeded: $0 % 251) }

  /// The time of the record at offset 0; each one is a millisecond later than the one before.
  static let firstTime: Int64 = 1_700_000_000_000

  static func time(of offset: Offset) -> Timestamp {
    Timestamp(milliseconds: firstTime + offset.rawValue)
  }

  /// Cuts the first segment's file, as somebody else might. Once it has its final form: until a
  /// full segment is sealed, beside the appends, that gives it its length back.
  func cutFirstSegment(to byteCount: Int) async throws {
    try await log.flush()
    try #require(truncate(directory + "/00000000000000000000.log", byteCount) == 0)
  }

  /// What the files of the segments hold, one behind the other. The log must be closed, or what
  /// stands ready behind its end is there too.
  func fileBytes() throws -> [UInt8] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".log") }.sorted()
    try #require(names.count > 1)
    return try names.flatMap { name in
      try [UInt8](Data(contentsOf: URL(filePath: directory + "/" + name)))
    }
  }
}

extension FilledLog {
  /// Has the kernel forget what it has in memory of the segments.
  func dropFromMemory() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory)
    where name.hasSuffix(".log") {
      try #require(linux_drop_pages(directory + "/" + name) == 0)
    }
  }
}

extension ZeroCopyReader {
  /// Slices from a position up to the log's end.
  func allSlices(
    from position: LogPosition = .earliest, maximumByteCount: Int = 1 << 20
  ) async throws -> [LogSlice] {
    var slices: [LogSlice] = []
    var next = try await slice(from: position, maximumByteCount: maximumByteCount)
    while let slice = next {
      slices.append(slice)
      next = try await self.slice(after: slice, maximumByteCount: maximumByteCount)
    }
    return slices
  }
}

extension [LogSlice] {
  /// The bytes of all of them, one behind the other.
  func bytes() async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for slice in self { bytes += try await slice.bytes() }
    return bytes
  }
}

/// The headers of batches that lie one behind the other, each batch compared with its checksum.
func headers(of bytes: [UInt8]) throws -> [BatchHeader] {
  var headers: [BatchHeader] = []
  var walk = BatchWalk(bytes.span.bytes)
  while let batch = try walk.next() {
    try batch.checkIntegrity()
    headers.append(batch.header)
  }
  try #require(walk.remainingByteCount == 0, "a batch is cut off")
  return headers
}
