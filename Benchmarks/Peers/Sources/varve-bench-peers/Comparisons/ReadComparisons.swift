import BenchHarness
import PeerStores

/// Reads of stores that were filled, closed and opened again. All of it is in memory, and each byte
/// of a value is looked at: some hand out a view of what has not been touched yet.
enum ReadComparisons {
  static let all =
    [scan(small), scan(large)] + [lookUp(small), lookUp(large), lookUp(alone)]

  private static let small = RecordShape(valueByteCount: 100, recordsInBatch: 64)
  private static let large = RecordShape(valueByteCount: 1024, recordsInBatch: 64)
  private static let alone = RecordShape(valueByteCount: 1024, recordsInBatch: 1)

  private static func scan(_ shape: RecordShape) -> Benchmark {
    benchmark("scan", shape) { stored, iterations in try stored.scan(iterations) }
  }

  private static func lookUp(_ shape: RecordShape) -> Benchmark {
    benchmark("look-up", shape) { stored, iterations in try stored.lookUp(iterations) }
  }

  private static func benchmark(
    _ name: String, _ shape: RecordShape,
    _ body: @escaping @Sendable (StoredRecords, _ iterations: Int) throws -> Void
  ) -> Benchmark {
    Benchmark("\(name)/\(shape.name)", bytes: shape.valueByteCount) { surroundings in
      let directory = try surroundings.makeDirectory()
      let byteCount = surroundings.scale(256 << 20, brief: 1 << 20)
      var all: [StoredRecords] = []
      return try Comparison.routine(
        tearDown: {
          for stored in all { try stored.store.close() }
          try directory.remove()
        }
      ) { kind in
        let stored = try StoredRecords(
          kind, shape, byteCount: byteCount, at: directory.makeDirectory(kind.rawValue))
        all.append(stored)
        return Comparison.Part(body: { try body(stored, $0) })
      }
    }
  }
}

/// A store with records in it.
private final class StoredRecords {
  let store: any Store
  private let count: Int
  private let kind: StoreKind

  init(_ kind: StoreKind, _ shape: RecordShape, byteCount: Int, at path: String) throws {
    self.kind = kind
    let settings = StoreSettings(syncsEachBatch: false)
    let written = try kind.open(at: path, settings)
    try written.append(
      Payload(byteCount: shape.valueByteCount), recordsInBatch: shape.recordsInBatch,
      times: byteCount / shape.batchByteCount)
    count = try written.count
    try written.close()
    store = try kind.open(at: path, settings)
  }

  /// Begins anew at the end.
  func scan(_ times: Int) throws {
    var left = times
    while left > 0 {
      let visited = try store.scan(atMost: left) { blackHole(PhysicalLimit.sum($0)) }
      guard visited > 0 else { throw MissingRecords(kind: kind) }
      left -= visited
    }
  }

  func lookUp(_ times: Int) throws {
    // Marsaglia's xorshift: cheap, and nothing foresees it.
    var random: UInt64 = 88_172_645_463_325_252
    for _ in 0..<times {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      let isFound = try store.lookUp(Int(random % UInt64(count))) {
        blackHole(PhysicalLimit.sum($0))
      }
      guard isFound else { throw MissingRecords(kind: kind) }
    }
  }
}

/// A store has lost what was put in.
struct MissingRecords: Error {
  let kind: StoreKind
}
