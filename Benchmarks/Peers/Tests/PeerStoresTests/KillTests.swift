import Testing

@testable import PeerStores

/// Processes that are killed while they append.
struct KillTests {
  @Test(arguments: StoreKind.allCases, [false, true])
  func whatAnAppendReturnedForIsThere(kind: StoreKind, syncs: Bool) throws {
    try TemporaryDirectory.with { path in
      let process = try WritingProcess(
        WritingOrder(
          kind, at: path, valueByteCount: 100, recordsInBatch: 3, batchesInReport: 1,
          syncsEachBatch: syncs),
        program: Program.path)
      var reported = 0
      for _ in 0..<20 { reported = try #require(process.nextReport()).recordCount }
      process.kill()
      #expect(reported == 60)
      let store = try kind.open(at: path, StoreSettings(syncsEachBatch: syncs))
      let count = try store.count
      #expect(count >= reported)
      // None of a batch, or all of it.
      #expect(count.isMultiple(of: 3))
      try Contents.check(store, count: count, valueByteCount: 100)
      try store.close()
    }
  }

  @Test func aProcessThatFailsReportsNothing() throws {
    let process = try WritingProcess(
      WritingOrder(
        .varve, at: "/proc/no-such-directory", valueByteCount: 100, recordsInBatch: 1,
        batchesInReport: 1, syncsEachBatch: false),
      program: Program.path)
    #expect(process.nextReport() == nil)
    process.kill()
  }

  @Test func anOrderIsReadAsItWasWritten() throws {
    let order = WritingOrder(
      .lmdbMapped, at: "some where", valueByteCount: 8, recordsInBatch: 2, batchesInReport: 3,
      syncsEachBatch: true)
    #expect(WritingOrder(words: order.words) == order)
    #expect(WritingOrder(words: ["peers", "--smoke"]) == nil)
    #expect(WritingOrder(words: Array(order.words.dropLast())) == nil)
  }
}
