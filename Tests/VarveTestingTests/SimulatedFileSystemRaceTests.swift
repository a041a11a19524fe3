import Testing
import VarveSystem
import VarveTesting

/// Threads on one file system; ThreadSanitizer runs this.
@Suite struct SimulatedFileSystemRaceTests {
  @Test func threadsWorkOnTheirFiles() throws {
    let files = SimulatedFileSystem()
    let threads = try (0..<4).map { index in
      try OwnedThread(named: "files-\(index)") {
        for round in 0..<50 {
          let path = "\(index)-\(round)"
          try? files.makeFile(path, [UInt8(index)], synced: true)
          try? files.rename(path, to: "\(index)")
          try? files.syncDirectory("/")
          if index == 3, round % 10 == 0 { files.fork().crash(.power, seed: UInt64(round)) }
        }
      }
    }
    for thread in threads { thread.join() }
    for index in 0..<4 { #expect(try files.contents(of: "\(index)") == [UInt8(index)]) }
    #expect(files.openDescriptorCount == 0)
  }
}
