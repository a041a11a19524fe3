import Foundation
import Testing
import Varve

/// Where a test's log lies and how it is written: every test of the log runs in each of them.
struct Place: CustomTestStringConvertible, Sendable {
  enum Medium: String, CaseIterable { case disk, memory }

  let medium: Medium
  let writer: LogConfiguration.TailWriter

  static let all = Medium.allCases.flatMap { medium in
    [Place(medium: medium, writer: .mapped), Place(medium: medium, writer: .positional)]
  }

  var testDescription: String { "\(medium.rawValue), \(writer)" }

  /// A configuration with small segments.
  func configuration(segmentByteCount: Int = 64 << 10) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = segmentByteCount
    configuration.tailWriter = writer
    return configuration
  }

  /// Calls `body` with a log of small segments, and closes it.
  func withLog(
    segmentByteCount: Int = 64 << 10, _ body: (Log) async throws -> Void
  ) async throws {
    try await withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: configuration(segmentByteCount: segmentByteCount),
        environment: .unsynced)
      try await body(log)
      try await log.close()
    }
  }

  /// Calls `body` with the path of a directory that is not there yet and is removed afterwards.
  func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = Place.root(medium) + "/varve-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
  }

  private static func root(_ medium: Medium) -> String {
    switch medium {
    // The work tree lies on a disk, which the temporary directory need not.
    case .disk: scratch
    case .memory: "/dev/shm"
    }
  }

  private static let scratch: String = {
    let path = FileManager.default.currentDirectoryPath + "/.build/test-logs"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()
}
