import CLinuxForTests
import Foundation
import Testing
import Varve

/// The command as a process: in a pipe, and in a terminal.
@Suite struct ProcessTests {
  /// Beside the tests.
  private static let executable: URL = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().appending(path: "varve")
  }()

  private struct Ended {
    var status: Int32
    var out: String
    var errors: String
  }

  private func withLog(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "varve-cli-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "orders-0").path
    let log = try await Log.open(at: directory)
    for number in 0..<2000 { try log.append(Record(key: "k", value: "value \(number)")) }
    try await log.close()
    try await body(directory)
  }

  private func make(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    return process
  }

  private func run(_ arguments: [String], input: String = "") throws -> Ended {
    let process = make(arguments)
    let (out, errors, stdin) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = errors
    process.standardInput = stdin
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let said = try out.fileHandleForReading.readToEnd() ?? Data()
    let wrong = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus, out: String(decoding: said, as: UTF8.self),
      errors: String(decoding: wrong, as: UTF8.self))
  }

  @Test func inAPipeItIsPlain() async throws {
    try await withLog { directory in
      let verify = try run(["verify", directory])
      #expect(verify.status == 0 && verify.errors.isEmpty)
      #expect(verify.out.contains("2000 records") && !verify.out.contains("\u{1b}"))
      let appended = try run(["append", directory], input: "one\ntwo\n")
      #expect(appended.out == "2 records, offsets 2000...2001, durable\n")
      let tail = try run(["tail", "--values", "-n", "3", directory])
      #expect(tail.out == "value 1999\none\ntwo\n")
      let wrong = try run(["tail", directory + "x"])
      #expect(wrong.status == 3 && wrong.out.isEmpty && wrong.errors.hasPrefix("varve: "))
      let nothing = try run([])
      #expect(nothing.status == 2 && nothing.errors.contains("Commands:"))
    }
  }

  @Test func whoHasSeenEnoughMayGo() async throws {
    try await withLog { directory in
      let process = make(["tail", "--from", "earliest", directory])
      let (out, errors) = (Pipe(), Pipe())
      process.standardOutput = out
      process.standardError = errors
      try out.fileHandleForReading.close()
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      try errors.fileHandleForWriting.close()
      #expect(try (errors.fileHandleForReading.readToEnd() ?? Data()).isEmpty)
    }
  }

  @Test func inATerminalItHasColoursAndProgress() async throws {
    try await withLog { directory in
      var descriptors: (Int32, Int32) = (-1, -1)
      #expect(linux_open_terminal(&descriptors.0, &descriptors.1) == 0)
      let master = FileHandle(fileDescriptor: descriptors.0, closeOnDealloc: true)
      let slave = FileHandle(fileDescriptor: descriptors.1, closeOnDealloc: true)
      let process = make(["verify", directory])
      process.standardOutput = slave
      process.standardError = slave
      try process.run()
      process.waitUntilExit()
      var said = ""
      while !said.contains("fine") { said += String(decoding: master.availableData, as: UTF8.self) }
      #expect(process.terminationStatus == 0)
      #expect(said.contains("\u{1b}[32mfine\u{1b}[0m") && said.contains("verifying [####"))
      withExtendedLifetime(slave) {}
    }
  }

  @Test func itFollowsWhatComes() async throws {
    try await withLog { directory in
      let process = make(["tail", "-f", "--values", "-n", "1", directory])
      let out = Pipe()
      process.standardOutput = out
      try process.run()
      let reader = out.fileHandleForReading
      #expect(String(decoding: reader.availableData, as: UTF8.self) == "value 1999\n")
      let log = try await Log.open(at: directory)
      try log.append(Record(value: "new"))
      #expect(String(decoding: reader.availableData, as: UTF8.self) == "new\n")
      process.terminate()
      process.waitUntilExit()
      try await log.close()
    }
  }

  /// It stands still in the midst of a segment, since nobody reads what it says, while those behind are removed.
  @Test func itGoesOnWhereRecordsAreRemovedBeforeItReadsThem() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "varve-cli-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "orders-0").path
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 64 << 10
    let log = try await Log.open(at: directory, configuration: configuration)
    let value = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 10)
    for _ in 0..<2000 { try log.append(Record(value: value)) }
    let process = make(["tail", "-f", "--json", "--from", "earliest", directory])
    let (out, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, errors)
    try process.run()
    let reader = out.fileHandleForReading
    var said = String(decoding: reader.availableData, as: UTF8.self)
    #expect(said.hasPrefix(#"{"offset":0,"#))
    try await log.deleteRecords(before: 1_900)
    while try FileManager.default.contentsOfDirectory(atPath: directory).contains(
      "00000000000000000000.log")
    { try await Task.sleep(for: .milliseconds(10)) }
    try log.append(Record(value: "last"))
    while !said.contains(#""value":"last"}"#) {
      let more = reader.availableData
      try #require(!more.isEmpty, "it ended, and said \(said.suffix(200))")
      said += String(decoding: more, as: UTF8.self)
    }
    process.terminate()
    process.waitUntilExit()
    let offsets = said.split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^{"offset":(\d+),/#).flatMap { Int($0.output.1) }
    }
    #expect(offsets == offsets.sorted() && Set(offsets).count == offsets.count)
    #expect(offsets.last == 2_000 && offsets.contains(1_900))
    let gap = zip(offsets, offsets.dropFirst()).first { $1 - $0 > 1 }
    let told = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(gap != nil && told.contains("the records from \((gap?.0 ?? 0) + 1) to before 1900"))
    try await log.close()
  }

  @Test func completionsAreScripts() throws {
    let script = try run(["completions", "bash"])
    let bash = Process()
    bash.executableURL = URL(filePath: "/bin/bash")
    bash.arguments = ["-n"]
    let input = Pipe()
    bash.standardInput = input
    try bash.run()
    try input.fileHandleForWriting.write(contentsOf: Data(script.out.utf8))
    try input.fileHandleForWriting.close()
    bash.waitUntilExit()
    #expect(bash.terminationStatus == 0)
  }
}
