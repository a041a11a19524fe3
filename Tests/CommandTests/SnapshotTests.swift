import Testing
import VarveTesting

@testable import Varve
@testable import VarveCommand

/// What the command says, word for word.
@Suite struct SnapshotTests {
  private let desk = Desk()
  private static let day = "2023-11-14T22:13:"

  @Test func lists() async throws {
    try await desk.makeStore()
    let logs = await desk.run("ls -e /data")
    #expect(logs.exit == .success && logs.errors.isEmpty)
    let changed = Timestamp(milliseconds: desk.clock.wallMilliseconds).text
    #expect(
      logs.lines == [
        "NAME\tSTART\tEND\tSEGMENTS\tSIZE\tCHANGED",
        "notes-1\t0\t2\t1\t144 B\t\(changed)",
        "orders-0\t0\t20\t3\t9.3 KiB\t\(changed)",
      ])
    let terminal = await desk.run("ls /data", isTerminal: true)
    #expect(terminal.lines[0].hasPrefix("\u{1b}[1mNAME      START"))
    #expect(terminal.lines[2].hasPrefix("orders-0      0         3  9.3 KiB"))
    let json = await desk.run("ls --json /data")
    #expect(
      json.lines[1].hasPrefix(
        #"{"name":"orders-0","topic":"orders","partition":0,"state":"present","start":0,"segments":3"#
      ))
    let segments = await desk.run("ls /data/orders-0")
    #expect(segments.lines.count == 4)
    #expect(segments.lines[1].hasPrefix("0\t3.7 KiB\t7\t"))
  }

  @Test func states() async throws {
    try await desk.makeStore()
    let log = await desk.run("stat /data/orders-0")
    #expect(
      log.lines == [
        "directory         /data/orders-0", "topicID           AAAAAAAAAAAAAAAAAA9CQA",
        "start             0", "end               20", "lastStable        20",
        "newest            \(Self.day)39.000Z", "segments          3",
        "bytes             9490 (9.3 KiB)", "leaderEpoch       none", "producers         0",
        "openTransactions  0", "lockedBy          nobody",
      ])
    let store = await desk.run("stat --json /data")
    #expect(
      store.out
        == #"{"directory":"/data","logs":2,"topics":2,"segments":4,"bytes":9634,"beingDeleted":0,"#
        + #""cluster":"desk","node":3,"leftInOrder":true,"lockedBy":null}"# + "\n")
  }

  @Test func dumps() async throws {
    try await desk.makeStore()
    let notes = await desk.run("dump --records /data/notes-1")
    #expect(
      notes.lines == [
        "00000000000000000000.log",
        "offsets 0...0  position 0  75 bytes  1 records  epoch none  none  \(Self.day)20.000Z",
        "  0\t\(Self.day)20.000Z\t-\tone\\ttab",
        "offsets 1...1  position 75  69 bytes  1 records  epoch none  none  \(Self.day)20.001Z",
        "  1\t\(Self.day)20.001Z\tk\t-",
      ])
    let one = await desk.run("dump --from 9 -n1 --json /data/orders-0")
    #expect(one.lines.count == 1)
    #expect(one.out.contains(#""kind":"batch","baseOffset":9,"lastOffset":9,"bytes":474"#))
    let index = await desk.run("dump -n 2 /data/orders-0/00000000000000000000.index")
    #expect(index.lines == ["offset 1  position 474", "offset 2  position 948"])
    let times = await desk.run("dump -n 1 /data/orders-0/00000000000000000000.timeindex")
    #expect(times.lines == ["timestamp \(Self.day)21.000Z  offset 1"])
    let points = await desk.run("dump /data/recovery-point-offset-checkpoint")
    #expect(points.lines == ["partition notes-1  offset 2", "partition orders-0  offset 20"])
    let id = await desk.run("dump --json /data/notes-1/partition.metadata")
    #expect(id.out == #"{"topicID":"AAAAAAAAAAAAAAAAAB6EgA"}"# + "\n")
    let properties = await desk.run("dump /data/meta.properties")
    #expect(properties.lines.contains("cluster.id desk"))
    let marker = await desk.run("dump /data/.kafka_cleanshutdown")
    #expect(marker.lines == ["brokerEpoch null"])
  }

  @Test func verifies() async throws {
    try await desk.makeStore()
    let fine = await desk.run("verify --closed /data")
    #expect(fine.exit == .success)
    #expect(
      fine.lines == [
        "notes-1: 1 segment, 2 batches, 2 records, 144 B, up to offset 2: fine",
        "orders-0: 3 segments, 20 batches, 20 records, 9.3 KiB, up to offset 20: fine",
      ])

    try desk.flip("/data/orders-0/00000000000000000000.log", at: 1000)
    try desk.flip("/data/orders-0/00000000000000000008.index", at: 7)
    try desk.disk.makeDirectory("/data/lost+found")
    let wrong = await desk.run("verify /data")
    #expect(wrong.exit == .found)
    #expect(wrong.lines.count == 5)
    #expect(
      wrong.lines[1].hasPrefix(
        "error: orders-0/00000000000000000000.log at byte 948, offset 2: the CRC-32C in the header")
    )
    #expect(
      wrong.lines[2]
        == "error: orders-0/00000000000000000008.index: entry 0 leads to byte 475, where no batch begins"
    )
    #expect(
      wrong.lines[3]
        == "orders-0: 3 segments, 20 batches, 20 records, 9.3 KiB, up to offset 20: 2 findings")
    #expect(wrong.lines[4].hasPrefix("warning: lost+found: it is no log"))
    let json = await desk.run("verify --json /data/orders-0")
    #expect(
      json.lines.last?.hasPrefix(#"{"kind":"log","log":"/data/orders-0","fine":false,"segments":3"#)
        == true)
  }

  @Test func helps() async throws {
    let overview = await desk.run("help")
    #expect(overview.exit == .success && overview.out.contains("Exit codes:"))
    for syntax in Tool.syntaxes {
      let help = await desk.run("\(syntax.name) --help")
      #expect(help.exit == .success && help.errors.isEmpty)
      #expect(help.out.hasPrefix("varve \(syntax.name): \(syntax.summary)\n\nUsage: varve "))
      #expect(overview.out.contains("  \(syntax.name) "))
      #expect(help.out.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }
    #expect(await desk.run("").exit == .usage)
  }
}
