import Foundation
import Testing
import VarveTesting

/// The places from which the engine syncs: each is known, named in the decision about them, and reached.
@Suite struct SyncSiteTests {
  private static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// How many calls that sync stand in a file of the library's.
  private static let calls = [
    // Of a compaction `CompactionSyncTests` misses those without which something is lost.
    "Compaction/InterruptedReplacement.swift": 4,
    "Compaction/SegmentReplacement.swift": 2,
    "Durable/Log+Sync.swift": 2,
    "Files/FileReplacement.swift": 1,
    "Files/NewDirectories.swift": 1,
    // Of a small file `SmallFileCutTests` misses both.
    "Files/SmallFile.swift": 1,
    "Log/Log+Close.swift": 2,
    "Recovery/LogOpening.swift": 1,
    "Recovery/LogRecovery.swift": 3,
    "Recovery/SideFile.swift": 1,
    // Of a store `StoreSyncTests` misses both.
    "Store/LogStore+Logs.swift": 1,
    "Store/StoreFiles.swift": 1,
    "Truncation/CutFiles.swift": 3,
    "Upkeep/Log+FinalForm.swift": 3,
  ]

  /// Whoever adds one gives it a place here, and a property that misses it.
  @Test func eachCallOfTheSourceIsKnown() throws {
    let root = Self.repository.appending(path: "Sources/Varve")
    let call = /sync(Data|All)\(\)|sync(Directory)?\((path|directory|file|try)/
    var found: [String: Int] = [:]
    for case let file as URL in try #require(
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    where file.pathExtension == "swift" {
      let count = try String(contentsOf: file, encoding: .utf8).matches(of: call).count
      if count > 0 { found[file.pathComponents.suffix(2).joined(separator: "/")] = count }
    }
    #expect(found == Self.calls)
  }

  @Test(arguments: SyncSite.allCases)
  func theDecisionNamesIt(_ site: SyncSite) throws {
    let page = Self.repository.appending(path: "Docs/Design/0010-what-each-sync-is-for.md")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("| \(site.rawValue) |"))
  }

  @Test func eachIsReached() throws {
    var reached: Set<SyncSite> = []
    for passage in Passage.all {
      let simulation = Simulation(passage.settings)
      for step in passage.before + passage.steps { try simulation.perform(step) }
      reached.formUnion(simulation.watch.sites.keys)
    }
    #expect(SyncSite.allCases.filter { !reached.contains($0) }.isEmpty)
  }
}
