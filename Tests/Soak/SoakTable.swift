import Foundation

/// What a soak prints.
struct SoakTable {
  private var lives: [(life: Life, isKill: Bool, records: Int)] = []
  /// What the parent had of the machine after each.
  private(set) var own: [Sample] = []

  mutating func add(_ life: Life, isKill: Bool, own sample: Sample, records: Int) {
    lives.append((life, isKill, records))
    own.append(sample)
  }

  static let heading =
    "   time  life  end     records  descriptors  mappings  resident MiB"

  /// The last life, with the most that it had.
  func lastLine(seconds: Double) -> String {
    guard let (life, isKill, records) = lives.last else { return "" }
    let most = Sample.most(life.samples)
    return String(
      format: "%7.1f  %4d  %@  %9d  %11d  %8d  %12d", seconds, lives.count,
      isKill ? "kill " : "close", records, most?.descriptorCount ?? 0, most?.mappingCount ?? 0,
      (most?.residentByteCount ?? 0) >> 20)
  }

  func summary(_ ledger: SoakLedger, seconds: Double) -> String {
    let rows: [(String, Int)] = [
      ("seconds", Int(seconds)), ("lives", lives.count), ("kills", lives.count { $0.isKill }),
      ("records appended", ledger.recordCount), ("batches tailed", ledger.tailedCount),
      ("MiB through sockets", ledger.receivedByteCount >> 20),
      ("MiB compacted away", ledger.compactedByteCount >> 20),
      ("logs made", ledger.createdCount), ("logs deleted", ledger.deletedCount),
    ]
    return rows.map { name, count in
      name.padding(toLength: 24, withPad: " ", startingAt: 0) + "\(count)"
    }.joined(separator: "\n") + "\nall that was acknowledged was there"
  }
}
