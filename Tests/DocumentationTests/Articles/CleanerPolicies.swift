import Foundation
import Varve

// What the article "Cleaner policies" shows, but for the policy that AtNightTests has.

func retention() -> LogConfiguration {
  var configuration = LogConfiguration()
  configuration.cleaner = .combined(
    .delete(olderThan: .seconds(7 * 86_400), beyondBytes: 100 << 30),
    .delete(whenFreeBelow: 10 << 30))
  return configuration
}

/// Copies full segments into a directory.
func archive(in directory: URL) -> SegmentArchive {
  SegmentArchive { _, slice, reader in
    // A segment of which something is lost comes in parts, each with a first offset of its own.
    let place = directory.appending(path: "\(slice.offsets.lowerBound).batches")
    try Data().write(to: place)
    let file = try FileHandle(forWritingTo: place)
    defer { try? file.close() }
    try await reader.send(slice, to: file.fileDescriptor)
    // The original may go as soon as this returns: so bytes and name are on the device by then.
    try file.synchronize()
    let names = try FileHandle(forReadingFrom: directory)
    defer { try? names.close() }
    try names.synchronize()
  }
}

/// Keeps what an archive has not copied.
func archived(by archive: SegmentArchive) -> LogConfiguration {
  var configuration = LogConfiguration()
  configuration.cleaner = .delete(olderThan: .seconds(86_400)).notBeyond { archive.end }
  return configuration
}

/// What of a log's full segments could not be copied, because it is lost: nothing, as a rule.
func copySegments(of log: Log, to archive: SegmentArchive) async throws -> [DamagedRange] {
  try await archive.copySegments(of: log).flatMap(\.damage)
}
