import Foundation
import Synchronization

/// A process that has the load.
final class SoakChild {
  private let process = Process()
  private let control = Pipe()
  private let reports = Pipe()
  private let reading: Reading

  /// Longer than any machine needs to close a store.
  private static let patience: Duration = .seconds(120)

  init(_ arguments: [String]) throws {
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardInput = control
    process.standardOutput = reports
    reading = Reading(reports.fileHandleForReading)
    try process.run()
    try reports.fileHandleForWriting.close()
    try control.fileHandleForReading.close()
  }

  /// Kills it, and returns what it has told.
  func kill() throws -> [SoakReport] {
    Foundation.kill(process.processIdentifier, SIGKILL)
    let reports = try finish()
    guard process.terminationReason == .uncaughtSignal else {
      throw Discrepancy(
        "a child ended by itself, with \(process.terminationStatus): \(reports.suffix(2))")
    }
    return reports
  }

  /// Tells it to end, and returns what it has told.
  func end() throws -> [SoakReport] {
    try control.fileHandleForWriting.close()
    let reports = try finish()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Discrepancy("a child ended with \(process.terminationStatus): \(reports.suffix(2))")
    }
    return reports
  }

  private func finish() throws -> [SoakReport] {
    let limit = ContinuousClock.now + Self.patience
    while process.isRunning || !reading.isAtEnd {
      guard ContinuousClock.now < limit else {
        Foundation.kill(process.processIdentifier, SIGKILL)
        throw Discrepancy("a child does not end")
      }
      usleep(2000)
    }
    try? control.fileHandleForWriting.close()
    try reports.fileHandleForReading.close()
    return try reading.reports()
  }
}

/// Takes in what a child tells as it comes, so that it never waits.
private final class Reading: Sendable {
  private let found = Mutex<(bytes: [UInt8], isAtEnd: Bool)>(([], false))

  var isAtEnd: Bool { found.withLock { $0.isAtEnd } }

  init(_ file: FileHandle) {
    let descriptor = file.fileDescriptor
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        found.withLock { $0.bytes += buffer[..<count] }
      }
      found.withLock { $0.isAtEnd = true }
    }
  }

  /// A line that a kill has cut off was not told.
  func reports() throws -> [SoakReport] {
    let bytes = found.withLock { $0.bytes }
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
    return try String(decoding: whole, as: UTF8.self).split(separator: "\n").map { line in
      guard let report = SoakReport(line: line) else { throw Discrepancy("\(line) is no report") }
      return report
    }
  }
}
