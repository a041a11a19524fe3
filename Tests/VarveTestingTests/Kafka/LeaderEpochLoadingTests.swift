import Testing
import Varve
import VarveTesting

/// What Kafka makes of its checkpoint of leader epochs.
@Suite struct LeaderEpochLoadingTests {
  private func load(
    _ checkpoint: String?, cleanly: Bool = true, logStartOffset: Offset = 0
  ) throws -> KafkaLoaderModel.Outcome {
    var directory = KafkaDirectory()
    directory.files["leader-epoch-checkpoint"] = checkpoint.map { Array($0.utf8) }
    try directory.add(0...4, epoch: 2)
    try directory.add(5...9, epoch: 3)
    return try directory.load(cleanly: cleanly, logStartOffset: logStartOffset)
  }

  private func text(_ outcome: KafkaLoaderModel.Outcome) -> String {
    String(decoding: outcome.files["leader-epoch-checkpoint"] ?? [], as: UTF8.self)
  }

  @Test(arguments: ["", "0", "0\n", "0\n0\n"])
  func nothingIsKnown(_ checkpoint: String) throws {
    let outcome = try load(checkpoint)
    #expect(outcome.leaderEpochs.isEmpty)
    #expect(text(outcome) == checkpoint)
    // Batches that are read say what is to know.
    #expect(text(try load(checkpoint, cleanly: false)) == "0\n2\n2 0\n3 5\n")
  }

  @Test func aMissingCheckpointIsMadeEmpty() throws {
    let outcome = try load(nil)
    #expect(outcome.added.contains("leader-epoch-checkpoint"))
    #expect(text(outcome).isEmpty)
  }

  @Test(arguments: [
    ("1\n0\n", 1), ("x", 1), ("0\nx\n", 2), ("0\n1\n", 2), ("0\n0\n1 1\n", 2), ("0\n1\n1\n", 3),
    ("0\n1\n1 1\n\n", 4), ("0\n2\n1 1\n2 a\n", 4),
  ])
  func amalformedCheckpointKeepsKafkaFromStarting(_ checkpoint: String, _ line: Int) {
    #expect(throws: KafkaLoaderModel.Failure.leaderEpochs(line: line)) { try load(checkpoint) }
  }

  @Test func epochsBehindTheEndAreDropped() throws {
    #expect(text(try load("0\n3\n2 0\n3 5\n4 10\n")) == "0\n2\n2 0\n3 5\n")
    #expect(text(try load("0\n3\n2 0\n3 5\n4 9\n")) == "0\n3\n2 0\n3 5\n4 9\n")
  }

  @Test func epochsBeforeTheStartAreRaised() throws {
    let outcome = try load("0\n3\n1 0\n2 1\n3 5\n", logStartOffset: 4)
    #expect(text(outcome) == "0\n2\n2 4\n3 5\n")
    #expect(
      outcome.leaderEpochs == [
        KafkaLoaderModel.LeaderEpochStart(epoch: 2, startOffset: 4),
        KafkaLoaderModel.LeaderEpochStart(epoch: 3, startOffset: 5),
      ])
  }

  /// A batch that is read with a greater epoch ends those that begin no earlier.
  @Test func whatIsReadReplacesWhatWasKnown() throws {
    #expect(text(try load("0\n2\n1 0\n2 7\n", cleanly: false)) == "0\n2\n1 0\n3 5\n")
    #expect(text(try load("0\n1\n9 3\n", cleanly: false)) == "0\n1\n9 3\n")
  }
}
