import Foundation
import Testing

@testable import BenchHarness

extension ProcessWide {
  struct ProcessResourcesTests {
    @Test func whatIsOpenedIsCounted() throws {
      let before = ProcessResources()
      let files = try (0..<3).map { _ in
        try FileHandle(forReadingFrom: URL(filePath: "/proc/self/exe"))
      }
      let after = ProcessResources()
      #expect(try #require(after.descriptors) == #require(before.descriptors) + files.count)
      for file in files { try file.close() }
      #expect(try #require(before.mappings) > 0)
      #expect(try #require(before.ownByteCount) > 0)
    }
  }
}
