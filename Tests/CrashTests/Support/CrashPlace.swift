import Foundation
import Testing
import Varve

/// Where a log lies and how it is written.
struct CrashPlace: CustomTestStringConvertible, Sendable {
  enum Medium: String, CaseIterable { case disk, memory }

  let medium: Medium
  let writer: LogConfiguration.TailWriter

  static let all = Medium.allCases.flatMap { medium in
    [
      CrashPlace(medium: medium, writer: .mapped),
      CrashPlace(medium: medium, writer: .positional),
    ]
  }

  var testDescription: String { "\(medium.rawValue), \(writer)" }

  func configuration(segmentByteCount: Int) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = segmentByteCount
    configuration.tailWriter = writer
    return configuration
  }

  /// The path of a directory that is not there yet.
  func newDirectory() -> String {
    let name = "/varve-crash-" + UUID().uuidString
    switch medium {
    case .disk: return Self.scratch("test-logs") + name
    case .memory: return "/dev/shm" + name
    }
  }

  /// Calls `body` with the path of a directory that is not there yet and is removed afterwards.
  func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = newDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try body(directory)
  }

  /// A directory for tests, on the disk that the work tree lies on.
  static func scratch(_ name: String) -> String {
    let path = FileManager.default.currentDirectoryPath + "/.build/" + name
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}

/// Has something done on a thread of its own, since it may wait.
func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
