import Foundation

/// The program that the tests run as a process: it is built next to them.
enum Executable {
  static var path: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "varve-bench").path
  }

  struct Run {
    let status: Int32
    let output: String
    /// What isn't a result.
    let messages: String
  }

  static func run(_ words: String...) throws -> Run {
    let process = Process()
    let output = Pipe()
    // A file: nobody reads it meanwhile, and a pipe may be full.
    let messages = URL.temporaryDirectory.appending(path: "varve-bench-\(UUID()).messages")
    try Data().write(to: messages)
    defer { try? FileManager.default.removeItem(at: messages) }
    process.executableURL = URL(filePath: path)
    process.arguments = words
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
      messages: try String(contentsOf: messages, encoding: .utf8))
  }
}
