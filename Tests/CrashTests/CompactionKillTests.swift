import Foundation
import Testing
import Varve
import VarveTesting

@testable import crash_child

/// Processes that are killed while they compact what they append: of each key, what was acknowledged last
/// is there again, or what came later; and nothing that was deleted comes back.
@Suite struct CompactionKillTests {
  /// At each place; few beside those that append, because each has to wait for compactions.
  private static var roundCount: Int { max(3, KillRange.ofEnvironment.seeds.count / 16) }

  @Test(arguments: CrashPlace.all)
  func whatKeysSayStays(_ place: CrashPlace) async throws {
    try await onThread {
      try place.withDirectory { directory in
        var (ledger, random) = (
          KeyedLedger(), SplitMix(seed: KillRange.ofEnvironment.seeds.lowerBound)
        )
        var compactionCount = 0
        for round in 1...Self.roundCount {
          let compacting = Compacting(
            directory: directory, writer: place.writer, threadCount: 1 + random.number(below: 3),
            seed: UInt64(round))
          compactionCount += try Self.kill(compacting, &random, &ledger)
          // Some are followed by one that finds what was left behind.
          guard round == Self.roundCount || !random.isOne(in: 3) else { continue }
          try Self.recover(compacting, ledger)
        }
        #expect(compactionCount >= Self.roundCount)
      }
    }
  }

  /// Kills a process after some compactions, mostly within the next one.
  private static func kill(
    _ compacting: Compacting, _ random: inout SplitMix, _ ledger: inout KeyedLedger
  ) throws -> Int {
    let child = try Child(.compact(compacting))
    try child.expect("had opened the log") { $0.openedEnd != nil }
    let count = 1 + random.number(below: 2)
    try child.expect("had compacted") { $0.compactionCount >= count }
    usleep(UInt32(random.number(below: 20_000)))
    child.kill()
    #expect(try child.waitForEnd() == .killed(signal: SIGKILL))
    return child.ask { heard in
      ledger.add(compacting, heard)
      #expect(heard.nonsense == [])
      return heard.compactionCount
    }
  }

  private static func recover(_ compacting: Compacting, _ ledger: KeyedLedger) throws {
    let log = try Log.open(at: compacting.directory, configuration: compacting.configuration)
    try ledger.check(log)
    _ = try log.clean()
    try ledger.check(log)
    let verification = try log.verify()
    let unsound = verification.segments.filter { !$0.isSound }
    #expect(unsound == [])
    try log.close()
    let left = try FileManager.default.contentsOfDirectory(atPath: compacting.directory)
    #expect(left.filter { $0.hasSuffix(".cleaned") || $0.hasSuffix(".swap") } == [])
  }
}
