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
      #expect(try #require(before.threads) > 0)
    }

    @Test func theLimitIsLoweredForAWhile() throws {
      func limit() -> rlim_t {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur
      }
      let before = limit()
      let wanted = min(before, 1 << 20) - 1
      let lowered = try DescriptorLimit.lowered(to: Int(wanted)) { limit() }
      #expect(lowered == wanted && limit() == before)
    }
  }
}
