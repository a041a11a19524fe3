import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Who leads a log, and the file that says so.
@Suite struct LeaderEpochTests {
  private let wreck = Wreck()
  private static let name = CheckpointName.leaderEpochs.rawValue

  private func starts(_ pairs: [(LeaderEpoch, Offset)]) -> [LeaderEpochStart] {
    pairs.map { LeaderEpochStart(epoch: $0.0, startOffset: $0.1) }
  }

  private var text: String? {
    wreck.bytes(Self.name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Three reigns over three segments and a half.
  private func fill(_ log: Log) throws {
    for (epoch, end) in [(0, 5), (3, 20), (4, 28)] as [(LeaderEpoch, Offset)] {
      try log.beginEpoch(epoch)
      try wreck.fill(log, upTo: end)
    }
  }
  private var filled: [LeaderEpochStart] { starts([(0, 0), (3, 5), (4, 20)]) }

  @Test func batchesCarryTheirLeader() throws {
    let log = try wreck.open()
    #expect(log.leaderEpoch == .none)
    #expect(log.leaderEpochs == [])
    try fill(log)
    #expect(log.leaderEpochs == filled)
    #expect(log.leaderEpoch == 4)
    let headers = try log.headers()
    #expect(headers.count == 28)
    for header in headers { #expect(log.epoch(for: header.baseOffset) == header.leaderEpoch) }
    #expect(log.endOffset(for: 0) == LeaderEpochEnd(epoch: 0, endOffset: 5))
    #expect(log.endOffset(for: 2) == LeaderEpochEnd(epoch: 0, endOffset: 5))
    #expect(log.endOffset(for: 4) == LeaderEpochEnd(epoch: 4, endOffset: 28))
    #expect(log.endOffset(for: 5) == nil)
    #expect(log.previousEpoch(before: 4)?.epoch == 3)
    try log.closeNow()
    #expect(text == "0\n3\n0 0\n3 5\n4 20\n")
  }

  @Test func epochsDoNotGoBack() throws {
    let log = try wreck.open()
    try log.beginEpoch(3)
    try log.beginEpoch(3)
    #expect(error { try log.beginEpoch(2) }?.code == .invalidArgument)
    #expect(error { try log.beginEpoch(.none) }?.code == .invalidArgument)
    #expect(log.leaderEpochs == starts([(3, 0)]))
    try log.closeNow()
    #expect(error { try log.beginEpoch(4) }?.code == .closed)
  }

  /// An opening that cannot read does not write that there were no leaders.
  @Test func leadersThatCannotBeReadStay() throws {
    let log = try wreck.open()
    try fill(log)
    try log.flush()
    var failures = 0
    for number in 1... {
      let fork = wreck.fork()
      fork.disk.crash(.kill, seed: 1)
      fork.disk.faults = .failing(.read, number: number, with: .inputOutput, fromThenOn: true)
      let failed = error { _ = try fork.open() }
      fork.disk.faults = .none
      fork.disk.crash(.kill, seed: 2)
      #expect(try fork.open().leaderEpochs == filled, "\(number)")
      guard let failed else { break }
      #expect(failed.code == .device)
      failures += 1
    }
    #expect(failures > 3)
  }

  @Test func aLogWithoutLeadersHasNoFile() throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 20)
    try log.closeNow()
    #expect(text == nil)
  }

  /// What was begun and has no batch is forgotten, as Kafka forgets it.
  @Test func aReignWithoutBatches() throws {
    let log = try wreck.open()
    try fill(log)
    try log.beginEpoch(9)
    #expect(log.leaderEpoch == 9)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.leaderEpochs == filled)
    #expect(again.leaderEpoch == 4)
    #expect(text == "0\n3\n0 0\n3 5\n4 20\n")
    try again.closeNow()
  }

  @Test(arguments: [true, false], ["", "gone", "0\n1\n0 0\n", "0\n2\n0 0\n4 19\n", "nonsense"])
  func theFileIsMadeAnew(_ isClosed: Bool, _ content: String) throws {
    let log = try wreck.open()
    try fill(log)
    if isClosed { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    let path = wreck.directory + "/" + Self.name
    if content == "gone" {
      try? wreck.disk.unlink(path)
    } else {
      let file = try OpenFile(path, .writingOrCreating, in: wreck.disk)
      try file.truncate(to: 0)
      try wreck.write(Array(content.utf8), to: path, at: 0)
    }
    let again = try wreck.open()
    #expect(again.leaderEpochs == filled)
    #expect(again.leaderEpoch == 4)
    try again.closeNow()
    #expect(text == "0\n3\n0 0\n3 5\n4 20\n")
  }

  @Test(arguments: [Crash.kill, .power])
  func aCrash(_ crash: Crash) throws {
    let log = try wreck.open()
    try fill(log)
    try log.flush()
    wreck.disk.crash(crash, seed: 7)
    let again = try wreck.open()
    #expect(again.leaderEpochs == filled)
    try wreck.fill(again, upTo: 30)
    #expect(try again.headers().last?.leaderEpoch == 4)
    try again.closeNow()
  }

  @Test func readers() throws {
    let log = try wreck.open()
    try fill(log)
    let reader = try wreck.open(mode: .readOnly)
    #expect(reader.leaderEpochs == filled)
    try log.beginEpoch(5)
    try wreck.fill(log, upTo: 29)
    try reader.follow()
    #expect(reader.leaderEpochs == filled + starts([(5, 28)]))
    #expect(error { try reader.beginEpoch(6) }?.code == .invalidArgument)
    try log.closeNow()
  }
}
