import Foundation
import Testing
import Varve

@testable import soak

/// What `make soak` believes: that it can find fault.
@Suite struct SoakTests {
  private static let place = CrashPlace(medium: .memory, writer: .automatic)

  private func samples(_ counts: [Int]) -> [Sample] {
    counts.map { Sample(descriptorCount: $0, mappingCount: 100, residentByteCount: 1 << 20) }
  }

  @Test func whatGrowsIsFound() {
    #expect(Flatness.fault(in: samples(Array(repeating: 100, count: 30))) == nil)
    // What comes and goes is no growth, and neither is a warm-up.
    #expect(Flatness.fault(in: samples((0..<30).map { $0 % 2 == 0 ? 80 : 120 })) == nil)
    #expect(Flatness.fault(in: samples((0..<30).map { min(200, 40 * $0) })) == nil)
    let fault = Flatness.fault(in: samples((0..<30).map { 100 + 10 * $0 }))
    #expect(fault?.contains("descriptors grew from 190 to 390") == true)
    let few = samples(Array(0..<Flatness.leastCount - 1).map { $0 * 1000 })
    #expect(Flatness.fault(in: few) == nil)
  }

  @Test func reportsAreUnderstood() throws {
    let log = try #require(TopicPartition(parsing: "churn-3-0"))
    let id = UniqueID(rawValue: 1234)
    let all: [SoakReport] = [
      .opened, .appended(log, id, 17), .creating(log), .deleting(log), .deleted(log),
      .committed(log, 4), .tailed(500), .received(9), .compacted(3), .closed, .failed("a b"),
      .sampled(Sample(descriptorCount: 1, mappingCount: 2, residentByteCount: 3)),
    ]
    for report in all { #expect(SoakReport(line: report.line[...]) == report) }
    #expect(SoakReport(line: "appended nothing") == nil)
  }

  /// Calls `body` with a store in which a log of a kind holds so many records.
  private func withStore(
    _ partition: TopicPartition, _ count: Int, _ body: (LogStore, UniqueID) throws -> Void
  ) throws {
    try Self.place.withDirectory { directory in
      let store = try LogStore.open(at: directory, configuration: SoakStore.configuration)
      let log = try store.log(for: partition)
      let content = try SoakStore.content(of: partition, in: store)
      for _ in 0..<count { try log.append(content.record(at: log.end)) }
      try body(store, content.topicID)
      try store.close()
    }
  }

  private func ledger(_ reports: SoakReport...) throws -> SoakLedger {
    var ledger = SoakLedger()
    _ = try ledger.take(reports)
    return ledger
  }

  private func fault(_ store: LogStore, _ ledger: SoakLedger) -> String {
    do {
      try StoreCheck(store: store, ledger: ledger).run()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func whatIsMissingIsFound() throws {
    let partition = SoakStore.plain[0]
    try withStore(partition, 100) { store, id in
      let right = try ledger(.appended(partition, id, 100))
      #expect(fault(store, right) == "")
      let more = try ledger(.appended(partition, id, 101))
      #expect(fault(store, more).contains("101 was acknowledged"))
      let other = try ledger(.appended(partition, UniqueID(rawValue: 99), 100))
      #expect(fault(store, other).contains("another log"))
      let gone = try ledger(.appended(SoakStore.churning[0], id, 3))
      #expect(fault(store, gone).contains("is not there"))
      let read = try ledger(.committed(partition, 50))
      #expect(fault(store, read).contains("was read to 50"))
    }
  }

  @Test func whatWasNotPutThereIsFound() throws {
    let partition = SoakStore.plain[0]
    try withStore(partition, 100) { store, id in
      let log = try store.log(for: partition)
      try log.append(Record(value: "something else"))
      let told = try ledger(.appended(partition, id, 100))
      #expect(fault(store, told).contains("what nobody put there"))
    }
    let deleted = SoakStore.churning[1]
    try withStore(deleted, 3) { store, id in
      let told = try ledger(.appended(deleted, id, 3), .deleting(deleted), .deleted(deleted))
      #expect(fault(store, told).contains("was deleted"))
    }
  }

  /// A compacted log may lack anything but the last record of each key.
  @Test func theLastOfAKeyIsLookedFor() throws {
    let partition = SoakStore.keyed[0]
    try withStore(partition, 3000) { store, id in
      let log = try store.log(for: partition)
      _ = try log.clean()
      let told = try ledger(.appended(partition, id, 3000))
      // By this call, or by the log itself right before: its status says so a moment later.
      #expect(log.byteCount < log.statistics.appendedByteCount)
      #expect(fault(store, told) == "")
    }
  }
}
