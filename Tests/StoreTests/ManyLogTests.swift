import Foundation
import Testing

@testable import Varve

/// More logs than a process has descriptors for.
@Suite struct ManyLogTests {
  private static let logCount = 60

  private func withStore(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-many-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// How many of the files below a directory the process has open.
  private func openCount(below directory: String) throws -> Int {
    let real = URL(filePath: directory).resolvingSymlinksInPath().path
    return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/" + name)
      return target?.hasPrefix(real + "/") == true
    }
  }

  @Test func onlySoManyAreOpenAtATime() throws {
    try withStore { directory in
      let runtime = LogRuntime(openTailCount: 8)
      let store = try LogStore.open(at: directory, runtime: runtime)
      for round in 0..<2 {
        for number in 0..<Self.logCount {
          let log = try store.log(for: .named("many-\(number)"))
          try log.append(Record(value: "\(round)"))
        }
        // Its file and that of its side, for each; the store's lock; what is just being closed.
        #expect(try openCount(below: directory) <= 8 * 2 + 10)
      }
      try store.close()
      let again = try LogStore.open(at: directory, runtime: runtime)
      #expect(again.opening.openedCount == Self.logCount && again.opening.wasClean)
      for partition in again.partitions { #expect(again[partition]?.end == 2) }
      try again.close()
    }
  }

  /// Appends to all logs at once, while they go to rest and come to work.
  @Test func restingAndWorkingRace() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-many-" + UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try await LogStore.open(at: folder, runtime: LogRuntime(openTailCount: 2))
    var logs: [Log] = []
    for number in 0..<8 { logs.append(try await store.log(for: .named("many-\(number)"))) }
    let all = logs
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for round in 0..<50 { for log in all { try log.append(Record(value: "\(round)")) } }
        }
      }
      try await group.waitForAll()
    }
    for log in all { #expect(log.end == 200) }
    try await store.close()
  }
}
