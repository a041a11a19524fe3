import Varve
import VarveTesting

/// What a log has acknowledged, and of that, what no crash may take: the model that a log is
/// compared with.
struct History {
  /// By offset: nothing is ever removed from the start, so the first one is that of offset 0.
  private(set) var records: [Record] = []
  /// Behind which records a batch ends: a batch is there or it is not.
  private(set) var batchEnds: Set<Int> = [0]
  /// So many of the first records are on the device.
  private(set) var durableCount = 0
  /// What an append that failed may have left behind all that is acknowledged.
  private(set) var unacknowledged: [Record] = []

  mutating func append(_ batch: [Record]) {
    records += batch
    batchEnds.insert(records.count)
    unacknowledged = []
  }

  /// Takes note of a batch whose append failed, perhaps after its bytes were written.
  mutating func appendFailed(_ batch: [Record]) { unacknowledged = batch }

  /// What lies before an offset is on the device from now on.
  mutating func becameDurable(before offset: Offset) {
    durableCount = max(durableCount, Int(offset.rawValue))
  }
}

extension History {
  /// Takes over what is left after a crash, if it may be what is left.
  mutating func recover(_ found: [Record], after crash: Crash) throws(SimulationFailure) {
    try compare(found)
    if found.count > records.count { append(unacknowledged) }
    guard crash == .power || found.count == records.count else {
      throw SimulationFailure(
        "a kill took \(records.count - found.count) of \(records.count) records")
    }
    guard found.count >= durableCount else {
      throw SimulationFailure(
        "\(found.count) records are left, and \(durableCount) were on the device")
    }
    guard batchEnds.contains(found.count) else {
      throw SimulationFailure("the log ends within a batch, at \(found.count)")
    }
    records.removeSubrange(found.count...)
    batchEnds = batchEnds.filter { $0 <= found.count }
    unacknowledged = []
  }

  /// Whether these are the first of all records.
  private func compare(_ found: [Record]) throws(SimulationFailure) {
    let possible = records + unacknowledged
    guard found.count <= records.count || found.count == possible.count else {
      throw SimulationFailure(
        "\(found.count) records are there, and \(records.count) were appended: "
          + "invented is \(found[records.count].summary)")
    }
    for (offset, pair) in zip(found, possible).enumerated() where pair.0 != pair.1 {
      throw SimulationFailure(
        "offset \(offset) holds \(pair.0.summary), and \(pair.1.summary) was appended")
    }
  }

  /// Whether these are all records, neither more nor less.
  func expectAll(_ found: [Record]) throws(SimulationFailure) {
    try compare(found)
    guard found.count == records.count else {
      throw SimulationFailure("\(found.count) of \(records.count) records are read")
    }
  }

  /// Whether Kafka has kept what it must, after a crash.
  ///
  /// - Parameters:
  ///   - sealedBelow: Where segments are no more in their final form, and its recovery point was.
  ///   - mayHaveHoles: Whether something may be missing behind these, before other records.
  func expectKept(
    _ kept: [ServedRecord], byKafkaFrom sealedBelow: Offset, mayHaveHoles: Bool
  ) throws(SimulationFailure) {
    let certainCount = max(durableCount, Int(sealedBelow.rawValue))
    var whole = kept[...]
    if mayHaveHoles { whole = whole.prefix(certainCount) }
    for (number, served) in whole.enumerated() where served.offset.rawValue != number {
      throw SimulationFailure("Kafka serves offset \(served.offset) where \(number) is next")
    }
    try compare(whole.map(\.record))
    guard kept.count >= certainCount else {
      throw SimulationFailure(
        "Kafka keeps \(kept.count) records, of which \(durableCount) are durable, and segments "
          + "below \(sealedBelow) in their final form")
    }
  }

  /// The offset behind all that is acknowledged.
  var end: Offset { Offset(rawValue: Int64(records.count)) }

  /// Whether these are all records before an offset.
  func expectPrefix(_ found: [Record], before offset: Offset) throws(SimulationFailure) {
    try compare(found)
    guard found.count == Int(offset.rawValue), found.count >= durableCount else {
      throw SimulationFailure("\(found.count) records are read, and the log ends at \(offset)")
    }
  }

  /// The first record of a time or a later one.
  func firstOffset(at timestamp: Timestamp) -> Offset? {
    records.firstIndex { $0.timestamp ?? .none >= timestamp }.map { Offset(rawValue: Int64($0)) }
  }
}

extension Record {
  /// Enough to tell which one it is.
  var summary: String {
    let key = key.map { String(decoding: $0, as: UTF8.self) } ?? "none"
    return "<\(key), \(value?.count ?? 0) bytes, \(timestamp ?? .none)>"
  }
}
