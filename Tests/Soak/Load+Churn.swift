import Varve
import VarveTesting

extension Load {
  /// Makes logs, appends to them, and deletes them again.
  func churn(_ store: LogStore) async throws {
    var random = SplitMix(seed: settings.seed)
    while !Task.isCancelled {
      let partition = SoakStore.churning[Int(random.next() % UInt64(SoakStore.churnCount))]
      if store[partition] == nil {
        SoakReport.creating(partition).send()
        _ = try await store.log(for: partition)
      } else if random.next() % 4 == 0 {
        SoakReport.deleting(partition).send()
        try await store.delete(partition)
        SoakReport.deleted(partition).send()
      }
      if let log = store[partition] {
        let content = try SoakStore.content(of: partition, in: store)
        for _ in 0...random.next() % 4 {
          try await Self.burst(log, content, isDurable: random.next() % 4 == 0)
        }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
