import Testing
import Varve
import VarveTesting

/// Which snapshots of producers Kafka keeps, removes and writes.
@Suite struct SnapshotLoadingTests {
  private func load(
    _ snapshots: [Int64], cleanly: Bool, recoveryPoint: Offset = 0, corrupt: Int64? = nil
  ) throws -> [Int64] {
    var directory = KafkaDirectory()
    for base: Int64 in [0, 10, 20, 30] { try directory.add(base...base + 9) }
    for snapshot in snapshots {
      directory[Offset(rawValue: snapshot), .producerSnapshot] =
        snapshot == corrupt ? [1, 2, 3] : KafkaDirectory.emptySnapshot
    }
    let outcome = try directory.load(cleanly: cleanly, recoveryPoint: recoveryPoint)
    #expect(outcome.logEndOffset == 40)
    return outcome.files.keys.compactMap { SegmentFileName(parsing: $0) }
      .filter { $0.kind == .producerSnapshot }.map(\.offset.rawValue).sorted()
  }

  @Test func whatACleanStopLeftStays() throws {
    #expect(try load([10, 20, 30, 40], cleanly: true) == [10, 20, 30, 40])
  }

  /// Taken for an upgrade: what is known of producers is forgotten.
  @Test func withoutAnyThereAreEmptyOnes() throws {
    #expect(try load([], cleanly: true) == [20, 30, 40])
  }

  @Test func straysGo() throws {
    #expect(try load([10, 15, 20, 30, 35, 40], cleanly: true) == [10, 20, 30, 40])
    // The newest one, if it is of no base, is that of the end, if it is newer than all bases.
    #expect(try load([10, 25], cleanly: true) == [10, 20, 30, 40])
    #expect(try load([10, 20, 30, 35], cleanly: true) == [10, 20, 30, 35, 40])
    #expect(try load([30, 50], cleanly: true) == [30, 40])
  }

  @Test func acorruptOneGoes() throws {
    #expect(try load([10, 20, 40], cleanly: true, corrupt: 40) == [10, 20, 30, 40])
    #expect(try load([10, 20, 25], cleanly: true, corrupt: 25) == [10, 20, 30, 40])
  }

  /// Where a segment is read, those behind its base go, and one is written at its end.
  @Test func recoveryWritesOneForEachSegment() throws {
    #expect(try load([], cleanly: false) == [10, 20, 30, 40])
    #expect(try load([10, 20, 30, 40], cleanly: false, recoveryPoint: 25) == [10, 20, 30, 40])
    #expect(try load([10, 35], cleanly: false, recoveryPoint: 15) == [10, 20, 30, 40])
  }
}

extension KafkaDirectory {
  /// A snapshot that knows of no producers.
  static let emptySnapshot: [UInt8] = [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]
}
