import BenchHarness
import PeerStores

/// What it takes to open a store whose process was killed in the middle of writing, and what that
/// process had in memory before.
enum ReopenComparison {
  static let benchmark = Benchmark("killed") { surroundings in
    let directory = try surroundings.makeDirectory()
    let byteCount = surroundings.scale(1 << 30, brief: 2 << 20)
    let kills = StoreKind.allCases.map { Kills(of: $0) }
    return Routine(
      iterations: 1,
      body: { _ in
        for kill in kills {
          try kill.take(byteCount, in: directory)
          try directory.empty()
        }
      },
      tallies: kills.flatMap(\.tallies),
      tearDown: directory.remove)
  }
}

/// A store of which the processes are killed.
private final class Kills {
  private let kind: StoreKind
  private var milliseconds: [Double] = []
  private var memory: [ResidentMemory] = []

  init(of kind: StoreKind) { self.kind = kind }

  private static let valueByteCount = 1024
  private static let recordsInBatch = 64

  /// Has a process write so many bytes and go on, kills it and opens what it leaves.
  func take(_ byteCount: Int, in directory: WorkDirectory) throws {
    let warmth = WarmMemory(byteCount: byteCount * 5 / 4)
    let process = try WritingProcess(
      WritingOrder(
        kind, at: directory.path, valueByteCount: Self.valueByteCount,
        recordsInBatch: Self.recordsInBatch,
        batchesInReport: byteCount / (Self.valueByteCount * Self.recordsInBatch),
        syncsEachBatch: false))
    let report = process.nextReport()
    process.kill()
    withExtendedLifetime(warmth) {}
    guard let report else { throw MissingRecords(kind: kind) }
    let start = Clock.now
    let store = try kind.open(at: directory.path, StoreSettings(syncsEachBatch: false))
    milliseconds.append(Double(Clock.now - start) / 1e6)
    memory.append(report.memory)
    guard try store.count >= report.recordCount else { throw MissingRecords(kind: kind) }
    try store.close()
  }

  var tallies: [Tally] {
    [
      Tally("ms to reopen 1 GiB, \(kind.rawValue)") { [self] in median(milliseconds) },
      Tally("MiB of its own, \(kind.rawValue)") { [self] in
        median(memory.map { Double($0.ownByteCount) / 1_048_576 })
      },
      Tally("MiB of files mapped, \(kind.rawValue)") { [self] in
        median(memory.map { Double($0.mappedByteCount) / 1_048_576 })
      },
    ]
  }

  private func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
