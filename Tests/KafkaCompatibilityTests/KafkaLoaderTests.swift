import Foundation
import Testing
import Varve
import VarveTesting

/// The model of Kafka's loader on directories that a real broker left behind.
@Suite struct KafkaLoaderTests {
  private static let clean = PartitionID.allCases.filter { $0.rawValue.hasPrefix("broker-clean/") }
  private static let killed = PartitionID.allCases.filter(\.isKilled)
  private static let appended: [PartitionID] = [.plain, .mixed, .compacted]

  private func model(_ id: PartitionID) throws -> KafkaLoaderModel {
    let names = try DirectoryListing.partitions[id].required().names
    return KafkaLoaderModel(
      files: try Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, try FixtureArchive.bytes("\(id.rawValue)/\($0)"))
        }))
  }

  /// What the broker's checkpoint says of a partition; 0 if nothing.
  private func checkpoint(_ name: String, _ id: PartitionID) throws -> Offset {
    let parts = id.rawValue.split(separator: "/")
    let text = String(decoding: try FixtureArchive.bytes("\(parts[0])/\(name)"), as: UTF8.self)
    let partition = parts[1].dropLast(2) + " 0 "
    let line = text.split(separator: "\n").first { $0.hasPrefix(partition) }
    return try line.map { line in
      Offset(rawValue: try Int64(line.dropFirst(partition.count)).required())
    } ?? 0
  }

  private func load(_ id: PartitionID, cleanly: Bool) throws -> KafkaLoaderModel.Outcome {
    try model(id).load(
      cleanly: cleanly,
      recoveryPoint: checkpoint("recovery-point-offset-checkpoint", id),
      logStartOffset: checkpoint("log-start-offset-checkpoint", id))
  }

  /// All batches, and their ends, as Kafka's own reader saw them.
  private func expectAllServed(_ outcome: KafkaLoaderModel.Outcome, _ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    let batches = try outcome.batches
    #expect(batches.map(\.baseOffset) == partition.batches.map(\.header.baseOffset))
    #expect(batches.map(\.lastOffset) == partition.batches.map(\.header.lastOffset))
    #expect(batches.allSatisfy { $0.isIntact })
    var end: Int64?
    if !id.isMetadata {
      var described: [Int64] = []
      for record in partition.records where described.last != record.batchBaseOffset {
        described.append(record.batchBaseOffset)
      }
      #expect(batches.map(\.baseOffset.rawValue) == described)
      let summary = try partition.summary.required()
      end = summary.logEndOffset
      #expect(outcome.logStartOffset.rawValue == summary.logStartOffset)
      #expect(outcome.segments.map(\.rawValue) == summary.segments.map(\.baseOffset))
    }
    #expect(
      outcome.logEndOffset.rawValue == end ?? batches.last?.lastOffset.rawValue.advanced(by: 1))
    try expectAllFound(outcome)
  }

  /// Each offset is found through the indexes where a walk finds it.
  private func expectAllFound(_ outcome: KafkaLoaderModel.Outcome) throws {
    var truth = try outcome.batches[...]
    for offset in outcome.logStartOffset..<outcome.logEndOffset {
      while let batch = truth.first, batch.lastOffset < offset { truth.removeFirst() }
      let found = try outcome.batch(holding: offset)
      if found != truth.first { Issue.record("offset \(offset): \(String(describing: found))") }
    }
  }

  /// After a clean stop, nothing whatever is changed.
  @Test(arguments: clean)
  func aCleanStopIsLoadedAsItIs(_ id: PartitionID) throws {
    let outcome = try load(id, cleanly: true)
    #expect(outcome.actions.isEmpty)
    #expect(outcome.files == (try model(id).files))
    #expect(outcome.recoveryPoint == outcome.logEndOffset)
    // The controllers' log is not in the checkpoints.
    let checkpoint = try checkpoint("recovery-point-offset-checkpoint", id)
    #expect(checkpoint == (id.isMetadata ? 0 : outcome.recoveryPoint))
    try expectAllServed(outcome, id)
  }

  /// Without the marker, and read from the start, it is the same.
  @Test(arguments: clean)
  func whatIsReadAnewIsTheSame(_ id: PartitionID) throws {
    let outcome = try model(id).load(cleanly: false)
    // The content of snapshots is not modelled, and their names are.
    let altered = outcome.altered.filter { !$0.hasSuffix(".snapshot") }
    #expect(altered.isEmpty && outcome.added.isEmpty && outcome.removed.isEmpty)
    try expectAllServed(outcome, id)
  }

  /// Of a broker that was copied while it ran, nothing is lost but the zeros of its indexes.
  @Test(arguments: killed)
  func aKillLosesNothing(_ id: PartitionID) throws {
    let outcome = try load(id, cleanly: false)
    try expectAllServed(outcome, id)
    #expect(!outcome.actions.contains { if case .cut = $0 { true } else { false } })
    #expect(outcome.removed.isEmpty)
    for segment in try PartitionFixture.load(id).segments {
      let name = SegmentFileName(segment.baseOffset, .offsetIndex).description
      #expect(outcome.files[name] == segment.offsetIndexEntries)
      let indexes = try KafkaIndexes(
        of: segment.log, baseOffset: segment.baseOffset, interval: 4096)
      let times = SegmentFileName(segment.baseOffset, .timeIndex).description
      #expect(outcome.files[times] == indexes.times)
      let log = SegmentFileName(segment.baseOffset, .log).description
      #expect(outcome.files[log] == segment.log)
    }
    // One at the end, and one where each later segment begins.
    let ends = outcome.segments.dropFirst() + [outcome.logEndOffset]
    let snapshots = outcome.files.keys.filter { $0.hasSuffix(".snapshot") }.sorted()
    #expect(snapshots == ends.map { SegmentFileName($0, .producerSnapshot).description })
    #expect(
      outcome.altered.allSatisfy { $0.hasSuffix("index") || $0.hasSuffix(".snapshot") })
  }

  /// The transaction index is written anew as it was.
  @Test(arguments: [PartitionID.killedPayments, .cleanPayments, .mixed, .plain])
  func abortedTransactionsAreFoundAgain(_ id: PartitionID) throws {
    let model = try model(id)
    let outcome = try model.load(cleanly: false)
    let names = model.files.keys.filter { $0.hasSuffix(".txnindex") }
    #expect(!names.isEmpty)
    for name in names { #expect(outcome.files[name] == model.files[name]) }
    #expect(outcome.files.keys.filter { $0.hasSuffix(".txnindex") }.sorted() == names.sorted())
  }

  /// Kafka's epochs are those that the batches say.
  @Test(arguments: appended)
  func leaderEpochsAreFoundAgain(_ id: PartitionID) throws {
    var model = try model(id)
    let summary = try PartitionFixture.load(id).summary.required()
    let expected = summary.leaderEpochs.map { "\($0.epoch) \($0.startOffset)" }
    func epochs(_ outcome: KafkaLoaderModel.Outcome) -> [String] {
      outcome.leaderEpochs.map { "\($0.epoch) \($0.startOffset)" }
    }
    #expect(epochs(try model.load(cleanly: true)) == expected)
    guard id != .compacted else { return }
    model.files["leader-epoch-checkpoint"] = nil
    #expect(epochs(try model.load(cleanly: false)) == expected)
  }

  /// Offsets and times are found where Kafka's own look-ups found them, after a clean stop and
  /// through indexes that were written anew.
  @Test(arguments: appended, [true, false])
  func lookUpsAnswerAsKafkaDoes(_ id: PartitionID, _ cleanly: Bool) throws {
    let outcome = try model(id).load(cleanly: cleanly)
    if cleanly { #expect(outcome.actions.isEmpty) }
    try expectAllServed(outcome, id)
    let queries = try PartitionFixture.load(id).summary.required().timestampQueries
    #expect(queries.count == 200)
    for query in queries {
      let answer = try outcome.first(atOrAfter: Timestamp(milliseconds: query.target)).required()
      // Where the batch's codec is not built in, that is all that is known.
      let offset = answer.offset?.rawValue ?? query.offset
      let isIn =
        answer.batch.baseOffset.rawValue <= query.offset
        && query.offset <= answer.batch.lastOffset.rawValue
      if offset != query.offset || !isIn { Issue.record("\(query): \(answer)") }
    }
  }
}
