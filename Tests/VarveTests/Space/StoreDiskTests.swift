import Testing
import VarveSystem

@testable import Varve

/// Stores on disks of the kernel's that others fill: logs give up what is missing, and go on.
@Suite(
  .enabled(if: SmallDisk.isMountable, "mounting small file systems takes CAP_SYS_ADMIN"),
  .serialized)
struct StoreDiskTests {
  private static let ballastByteCount = 1 << 20

  private static func configuration() -> LogStoreConfiguration {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 256 << 10
    configuration.log.allowsEmergencyRetention = true
    configuration.topics["kept"] = configuration.log
    configuration.topics["kept"]?.allowsEmergencyRetention = false
    configuration.diskWatermarks = StoreWatermarks(
      lowByteCount: 3 << 20, lowFraction: 0, criticalByteCount: 1 << 20, criticalFraction: 0)
    configuration.ballastByteCount = ballastByteCount
    return configuration
  }

  private static func partition(_ name: String) throws -> TopicPartition {
    try #require(TopicPartition(parsing: name))
  }

  private static func open(_ path: String, _ world: ManualWorld) throws -> LogStore {
    try LogStore.open(
      at: path, configuration: configuration(), runtime: world.runtime,
      environment: world.environment)
  }

  private static func record(_ offset: Offset) -> Record {
    Record(
      value: [UInt8](repeating: UInt8(truncatingIfNeeded: offset.rawValue), count: 8000),
      timestamp: .at(1_700_000_000_000 + offset.rawValue))
  }

  private static func fill(_ log: Log, _ count: Int, _ world: ManualWorld) throws {
    for _ in 0..<count {
      try log.append(record(log.end))
      world.settle()
    }
  }

  private static func expectAll(_ log: Log, from start: Offset, to end: Offset) throws {
    let expected = (start.rawValue..<end.rawValue).map { Offset(rawValue: $0) }
      .map { StoredRecord($0, record($0)) }
    let found = try log.stored()
    #expect(found == expected)
  }

  /// btrfs is left out: it gives back what was deleted when it likes.
  @Test(arguments: SmallDisk.available.filter { $0 != .btrfs })
  func aDiskThatOthersFill(_ disk: SmallDisk) throws {
    try disk.withMount { directory in
      let world = ManualWorld(fileSystem: PosixFileSystem())
      let path = directory + "/store"
      let store = try Self.open(path, world)
      let (spare, kept) = (
        try store.log(for: try Self.partition("spare-0")),
        try store.log(for: try Self.partition("kept-0"))
      )
      try Self.fill(spare, 900, world)
      try Self.fill(kept, 100, world)
      try kept.flush()
      world.pass(milliseconds: 2000)
      #expect(store.diskState == .ok)
      #expect(store.statistics.ballastByteCount == Self.ballastByteCount)

      try SmallDisk.fill(directory)
      // Room that was made is taken for what logs have ready, and has to be made anew.
      world.pass(milliseconds: 10_000)
      let statistics = store.statistics
      #expect(statistics.ballastByteCount == Self.ballastByteCount, "\(disk), \(statistics)")
      #expect(statistics.diskState == .ok)
      #expect(statistics.emergencyByteCount > 2 << 20)
      #expect(statistics.lastEmergency?.failures.isEmpty == true)
      #expect((statistics.freeByteCount ?? 0) >= 3 << 20)
      #expect(spare.start > 0 && spare.end == 900 && kept.start == 0)
      // Both go on.
      try Self.fill(spare, 20, world)
      try Self.fill(kept, 20, world)
      try Self.expectAll(spare, from: spare.start, to: 920)
      try Self.expectAll(kept, from: 0, to: 120)
      try store.close()
    }
  }

  /// Full to the last byte while nobody has the store: the ballast makes the room that opening may need.
  @Test(arguments: SmallDisk.available.filter { $0 != .btrfs })
  func aStoreOnAFullDiskOpens(_ disk: SmallDisk) throws {
    try disk.withMount { directory in
      let path = directory + "/store"
      do {
        let world = ManualWorld(fileSystem: PosixFileSystem())
        let store = try Self.open(path, world)
        let log = try store.log(for: try Self.partition("kept-0"))
        try Self.fill(log, 100, world)
        world.pass(milliseconds: 2000)
        #expect(store.statistics.ballastByteCount == Self.ballastByteCount)
        try store.close()
      }
      try SmallDisk.fill(directory)
      let world = ManualWorld(fileSystem: PosixFileSystem())
      let store = try Self.open(path, world)
      #expect(store.opening.wasClean && store.failures.isEmpty)
      let found = store[try Self.partition("kept-0")]
      let kept = try #require(found)
      try Self.expectAll(kept, from: 0, to: 100)
      // A log can be made, and all of it be closed, in what the ballast left.
      let fresh = try store.log(for: try Self.partition("fresh-0"))
      try Self.fill(fresh, 1, world)
      try store.close()
      try SmallDisk.empty(directory)
      let again = try Self.open(path, world)
      world.pass(milliseconds: 2000)
      #expect(again.opening.wasClean && again.partitions.count == 2)
      #expect(again.statistics.ballastByteCount == Self.ballastByteCount)
      try again.close()
    }
  }
}
