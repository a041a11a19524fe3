import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A directory of logs: made, found again, deleted, and left as Kafka leaves it.
@Suite struct LogStoreTests {
  private let shelf = Shelf()

  @Test func logsAreMadeAndFoundAgain() throws {
    let store = try shelf.open()
    #expect(store.opening.openedCount == 0 && !store.opening.wasClean)
    for name in ["orders-1", "orders-0", "audit-0"] { try store.logNow(name).fill(20) }
    #expect(store.partitions.map(\.description) == ["audit-0", "orders-0", "orders-1"])
    let same = try store.logNow("orders-0") === store.found("orders-0")
    #expect(same)
    let id = try #require(store.topicID(of: "orders"))
    #expect(store.topicID(of: "audit") != id && store.topicID(of: "none") == nil)
    try store.closeNow()
    try store.closeNow()
    #expect(failure { _ = try store.logNow("late-0") }?.code == .closed)

    let again = try shelf.open()
    #expect(again.opening.wasClean && again.opening.openedCount == 3)
    #expect(again.opening.recoveries.isEmpty && again.topicID(of: "orders") == id)
    for partition in again.partitions {
      let found = try #require(try again[partition]?.filled())
      #expect(found.offsets == Array(0..<20) && found.areRight)
    }
  }

  @Test func whatIsLeftIsKafkas() throws {
    let store = try shelf.open()
    try store.logNow("orders-0").fill(30)
    try store.logNow("empty-0").flushNow()
    #expect(shelf.text(".kafka_cleanshutdown") == nil)
    shelf.settle(store)
    try store.logNow("orders-0").deleteNow(before: 10)
    try store.closeNow()
    #expect(
      try shelf.names() == [
        ".kafka_cleanshutdown", ".lock", "cleaner-offset-checkpoint", "empty-0",
        "log-start-offset-checkpoint", "orders-0", "recovery-point-offset-checkpoint",
        "replication-offset-checkpoint",
      ])
    #expect(shelf.text(".kafka_cleanshutdown") == #"{"version":0,"brokerEpoch":-1}"#)
    #expect(shelf.text("recovery-point-offset-checkpoint") == "0\n2\nempty 0 0\norders 0 30\n")
    #expect(shelf.text("replication-offset-checkpoint") == "0\n2\nempty 0 0\norders 0 30\n")
    #expect(shelf.text("log-start-offset-checkpoint") == "0\n1\norders 0 10\n")
    #expect(shelf.text("cleaner-offset-checkpoint") == "0\n0\n")
    for name in ["orders-0", "empty-0"] {
      let outcome = try shelf.load(.named(name))
      #expect(outcome.destroyed.isEmpty)
      #expect(outcome.logEndOffset == (name == "orders-0" ? 30 : 0))
      // A clean stop of a log with nothing in it leaves nothing else.
      #expect(try shelf.names("/" + name).contains("partition.metadata"))
    }
    #expect(try shelf.load(.named("orders-0")).logStartOffset == 10)
  }

  @Test func oneBadLogStopsNoOther() throws {
    let store = try shelf.open()
    for name in ["a-0", "b-0", "c-0"] { try store.logNow(name).fill(5) }
    try store.closeNow()
    try shelf.write("nonsense", to: "b-0/partition.metadata")
    try shelf.disk.makeDirectory(Shelf.directory + "/lost+found")

    let again = try shelf.open()
    #expect(again.opening.openedCount == 2)
    #expect(again.opening.skippedDirectories == ["lost+found"])
    let bad = try TopicPartition.named("b-0")
    #expect(again.failures.keys.elementsEqual([bad]))
    #expect(again.failures[bad]?.code == .corrupt && again[bad] == nil)
    try again.closeNow()
    // Kafka would believe the mark, of all logs; what was said of the bad one is still there.
    #expect(shelf.text(".kafka_cleanshutdown") == nil)
    #expect(
      shelf.text("recovery-point-offset-checkpoint") == "0\n3\na 0 5\nb 0 5\nc 0 5\n")

    let third = try shelf.open()
    try shelf.write("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAZA", to: "b-0/partition.metadata")
    let mended = try third.logNow("b-0").filled()
    #expect(mended.offsets == Array(0..<5))
    #expect(third.failures.isEmpty)
    try third.closeNow()
    #expect(shelf.text(".kafka_cleanshutdown") != nil)
  }

  @Test func partitionsOfATopicShareItsID() throws {
    let store = try shelf.open()
    let ids = [UniqueID(rawValue: 500), UniqueID(rawValue: 501)]
    _ = try store.log(for: .named("a-0"), topicID: ids[0])
    #expect(store.topicID(of: "a") == ids[0])
    let refusal = failure { _ = try store.log(for: .named("a-1"), topicID: ids[1]) }
    #expect(refusal?.code == .invalidArgument && refusal?.message.contains("\(ids[1])") == true)
    _ = try store.logNow("a-1")
    try store.closeNow()
    #expect(try shelf.names("/a-1").contains("partition.metadata"))
    try shelf.write("version: 0\ntopic_id: \(ids[1])", to: "a-1/partition.metadata")
    let again = try shelf.open()
    #expect(again.failures.keys.map(\.description) == ["a-1"])
    #expect(again.partitions.map(\.description) == ["a-0"])
  }

  @Test func aDeletedLogIsGoneAtOnceAndItsFilesLater() throws {
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    try log.fill(20)
    try store.checkpointsNow()
    let (deleted, again) = (try store.deleteNow("orders-0"), try store.deleteNow("orders-0"))
    #expect(deleted && !again && log.isClosed)
    #expect(try store.found("orders-0") == nil)
    let left = try shelf.names().filter { $0.hasPrefix("orders") }
    #expect(left.count == 1 && left[0].hasSuffix("-delete"))
    let name = try #require(PartitionDirectoryName(parsing: left[0]))
    #expect(name.fate == .delete)

    // One of the same name begins anew, whatever the checkpoints said of the old one.
    let fresh = try store.logNow("orders-0")
    #expect(fresh.end == 0)
    shelf.settle(store)
    #expect(try shelf.names().contains(left[0]))
    shelf.clock.advance(byMilliseconds: 61_000)
    shelf.settle(store)
    #expect(try !shelf.names().contains(left[0]))
    try store.closeNow()
  }

  @Test func whatWasDeletedGoesWithTheNextOpening() throws {
    let store = try shelf.open()
    try store.logNow("orders-0").fill(3)
    try store.deleteNow("orders-0")
    try store.closeNow()
    #expect(try shelf.names().contains { $0.hasSuffix("-delete") })
    let again = try shelf.open()
    #expect(again.partitions.isEmpty)
    shelf.settle(again)
    #expect(try !shelf.names().contains { $0.hasSuffix("-delete") })
  }

  @Test func theDirectoryIsOnes() throws {
    let store = try shelf.open()
    try store.logNow("orders-0").fill(1)
    #expect(failure { _ = try shelf.open() }?.code == .locked)
    let alone = failure {
      _ = try Log.open(
        at: Shelf.directory + "/orders-0", runtime: store.runtime,
        environment: store.environment)
    }
    #expect(alone == nil || alone?.message.contains("LogStore") == true)
    try store.checkpointsNow()
    let refused = failure {
      _ = try Log.open(
        at: Shelf.directory + "/orders-0", runtime: store.runtime,
        environment: store.environment)
    }
    #expect(refused?.code == .invalidArgument && refused?.message.contains("LogStore") == true)
    try store.closeNow()
    // A broker's lock file stays.
    #expect(try shelf.names().contains(".lock"))
    try shelf.open().closeNow()
  }

  @Test func whoseItIs() throws {
    var shelf = shelf
    shelf.configuration.identity = MetaProperties(
      clusterID: "MkU3OEVBNTcwNTJENDM2Qk", nodeID: 3, directoryID: UniqueID(rawValue: 1000))
    try shelf.open().closeNow()
    #expect(shelf.text("meta.properties")?.contains("node.id=3\n") == true)
    try shelf.open().closeNow()
    shelf.configuration.identity?.nodeID = 4
    let refusal = failure { _ = try shelf.open() }
    #expect(refusal?.message.contains("belongs to node 3") == true)
    // Whoever is refused leaves the mark.
    #expect(shelf.text(".kafka_cleanshutdown") != nil)
    shelf.configuration.identity = nil
    try shelf.open().closeNow()
    #expect(shelf.text("meta.properties")?.contains("node.id=3\n") == true)
  }

  @Test func aCheckpointThatCannotBeReadCostsNothing() throws {
    let store = try shelf.open()
    try store.logNow("orders-0").fill(9)
    try store.closeNow()
    try shelf.write("0\n5\nhalf", to: "recovery-point-offset-checkpoint")
    let again = try shelf.open()
    #expect(
      again.opening.unreadCheckpoints.keys.elementsEqual(["recovery-point-offset-checkpoint"]))
    #expect(try again.found("orders-0")?.end == 9)
    try again.closeNow()
    #expect(shelf.text("recovery-point-offset-checkpoint") == "0\n1\norders 0 9\n")
  }

  @Test func checkpointsAreWrittenNowAndThen() throws {
    let store = try shelf.open()
    shelf.settle(store)
    #expect(shelf.text("recovery-point-offset-checkpoint") == "0\n0\n")
    let log = try store.logNow("orders-0")
    try log.fill(30)
    shelf.settle(store)
    shelf.clock.advance(byMilliseconds: 60_000)
    shelf.settle(store)
    // Up to the segment that is being written: what Kafka would believe without a look.
    let base = try #require(log.segments.last).baseOffset
    #expect(base > 0)
    #expect(shelf.text("recovery-point-offset-checkpoint") == "0\n1\norders 0 \(base)\n")
  }

  @Test func highWatermarksAreKeptOfReplicas() throws {
    var shelf = shelf
    shelf.configuration.isReplicated = true
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    try log.fill(10)
    log.advanceHighWatermark(to: 6)
    try store.closeNow()
    #expect(shelf.text("replication-offset-checkpoint") == "0\n1\norders 0 6\n")
    #expect(try shelf.open().found("orders-0")?.highWatermark == 6)
  }

  @Test func itsLogsHoldNoDescriptorAtRest() throws {
    let store = try shelf.open()
    for number in 0..<5 { try store.logNow("orders-\(number)").fill(2) }
    try store.closeNow()
    let again = try shelf.open()
    shelf.settle(again)
    // That of the lock alone.
    #expect(shelf.disk.openDescriptorCount == 1)
    for partition in again.partitions { try again[partition]?.fill(1) }
    #expect(shelf.disk.openDescriptorCount == 6)
    try again.closeNow()
    #expect(shelf.disk.openDescriptorCount == 0)
  }
}
