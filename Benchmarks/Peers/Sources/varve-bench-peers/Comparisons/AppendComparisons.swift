import BenchHarness
import PeerStores

/// Appends to a new store, which is removed after each sample.
enum AppendComparisons {
  static let all = [false, true].flatMap { syncs in RecordShape.all.map { benchmark($0, syncs) } }

  private static func benchmark(_ shape: RecordShape, _ syncs: Bool) -> Benchmark {
    Benchmark(
      "\(syncs ? "append-synced" : "append")/\(shape.name)",
      records: shape.recordsInBatch, bytes: shape.batchByteCount
    ) { surroundings in
      let directory = try surroundings.makeDirectory()
      // What a sample puts on the disk at the most, however fast the store.
      let most = surroundings.scale(1 << 30, brief: 4 << 20) / shape.batchByteCount
      return try Comparison.routine(tearDown: directory.remove) { kind in
        part(kind, shape, syncs, in: directory, most: most)
      }
    }
  }

  private static func part(
    _ kind: StoreKind, _ shape: RecordShape, _ syncs: Bool, in directory: WorkDirectory, most: Int
  ) -> Comparison.Part {
    let payload = Payload(byteCount: shape.valueByteCount)
    let sample = Sample()
    return Comparison.Part(
      mostIterations: most,
      beforeSample: { iterations in
        sample.memory = WarmMemory(byteCount: iterations * shape.batchByteCount * 5 / 4)
        sample.store = try kind.open(at: directory.path, StoreSettings(syncsEachBatch: syncs))
      },
      body: { iterations in
        try sample.store!.append(
          payload, recordsInBatch: shape.recordsInBatch, times: iterations)
      },
      afterSample: {
        try sample.store!.close()
        (sample.store, sample.memory) = (nil, nil)
        try directory.empty()
      })
  }

  /// What a sample opens and its loop uses, and the memory that the page cache will want for it.
  private final class Sample {
    var store: (any Store)?
    var memory: WarmMemory?
  }
}
