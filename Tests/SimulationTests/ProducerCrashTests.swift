import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Producers that retry over crashes, and transactions that are open when one comes.
@Suite struct ProducerCrashTests {
  private static let seeds: Int = Extent.isWhole ? 3000 : 300

  @Test func eachRecordIsThereOnceAndNothingAbortedIsRead() throws {
    for seed in 1...Self.seeds {
      var run = ProducerRun(seed: UInt64(seed))
      do {
        try run.run()
      } catch {
        Issue.record("seed \(seed): \(error)\n\(run.journal.suffix(30).joined(separator: "\n"))")
        return
      }
    }
  }

  /// A transaction index that is not synced may come back as anything, and Kafka believes it.
  @Test func aTransactionIndexThatIsNotSyncedIsMissed() throws {
    let silenced = SilencedSyncs { call, path in
      call == .syncData && path.hasSuffix(".txnindex-new")
    }
    let isMissed = (1...400).contains { seed in
      var run = ProducerRun(seed: UInt64(seed), silenced)
      return (try? run.run()) == nil
    }
    #expect(isMissed)
  }
}
