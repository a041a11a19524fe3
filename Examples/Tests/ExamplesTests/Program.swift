import ExampleSockets
import Foundation

/// An example's executable, which is built next to the tests, run as a process.
final class Program {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(_ name: String, _ words: String...) throws {
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: name)
    process.arguments = words
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { kill() }

  /// Gives it lines, and no more after that.
  func type(_ lines: [String]) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    try input.fileHandleForWriting.close()
  }

  /// The next line that it prints, or nil where it prints no more.
  func line() throws -> String? {
    var bytes: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  /// All that it prints until its end, and how that was.
  func finish() throws -> (lines: [String], status: Int32) {
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    return (lines, process.terminationStatus)
  }

  /// SIGTERM: asks it to stop.
  func stop() throws -> (lines: [String], status: Int32) {
    process.terminate()
    return try finish()
  }

  /// SIGKILL: it does nothing more.
  func kill() {
    guard process.isRunning else { return }
    _ = Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

extension Program {
  /// Starts an example's server, and returns it with its port once it listens.
  static func serve(_ name: String, _ directory: Directory) throws -> (Program, port: UInt16) {
    let server = try Program(name, "serve", directory.path)
    while let line = try server.line() {
      let words = line.split(separator: ":")
      if line.hasPrefix("listening on "), let port = words.last.flatMap({ UInt16($0) }) {
        return (server, port)
      }
    }
    throw ExampleError("\(name) does not listen")
  }
}
