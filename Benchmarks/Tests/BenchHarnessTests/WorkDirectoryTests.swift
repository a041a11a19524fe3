import Foundation
import Testing

@testable import BenchHarness

struct WorkDirectoryTests {
  @Test func whatIsMadeIsRemoved() throws {
    let directory = try WorkDirectory(in: WorkDirectory.Parent(nil))
    let inner = try directory.makeDirectory("inner")
    try TextFile.write("text", to: "\(inner)/file")
    try directory.empty()
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    try directory.remove()
    #expect(!FileManager.default.fileExists(atPath: directory.path))
  }

  @Test func whatADeadProcessLeftIsRemoved() throws {
    let directory = URL.temporaryDirectory.appending(path: "varve-bench-test-\(UUID())")
    defer { try? FileManager.default.removeItem(at: directory) }
    // No process has the highest number that there could be, and this one lives.
    let names = ["varve-bench-data.\(Int32.max)", "varve-bench-data.1", "something"]
    for name in names {
      try FileManager.default.createDirectory(
        at: directory.appending(path: "\(name)/1"), withIntermediateDirectories: true)
    }
    try WorkDirectory.Parent(directory.path).removeLeftovers()
    let left = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(left.sorted() == names.suffix(2).sorted())
  }

  @Test func whatFitsIntoMemoryLiesThereAndWhatDoesNotOnTheDisk() throws {
    let disk = try WorkDirectory.Parent(nil)
    let memory = try #require(WorkDirectory.Parent.inMemory)
    #expect(memory.freeByteCount > 0)
    let both = Surroundings(isBrief: true, parent: disk, memory: memory)
    defer { try? both.removeLeftovers() }
    #expect(try both.makeDirectoryInMemory(for: 1).path.hasPrefix(memory.path))
    #expect(try both.makeDirectoryInMemory(for: .max).path.hasPrefix(disk.path))
    let diskAlone = Surroundings(isBrief: true, parent: disk)
    #expect(try diskAlone.makeDirectoryInMemory(for: 1).path.hasPrefix(disk.path))
  }
}
