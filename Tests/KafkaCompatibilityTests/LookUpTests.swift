import Testing
import Varve

/// The way through the indexes to a batch.
@Suite struct LookUpTests {
  /// From the entry at or before an offset one comes to the batch that holds it, or, in a hole of
  /// compaction, to the next one.
  @Test(arguments: PartitionID.allCases)
  func everyOffsetIsFound(_ id: PartitionID) throws {
    var seen = 0
    for segment in try PartitionFixture.load(id).segments {
      let bytes = segment.offsetIndexEntries
      let index = OffsetIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      // What a linear search finds is the truth here.
      var truth = segment.batches[...]
      for offset in segment.baseOffset..<segment.nextOffset {
        seen += 1
        while let batch = truth.first, batch.header.lastOffset < offset { truth.removeFirst() }
        let position = index.floor(of: offset)?.position ?? 0
        let found = try segment.batches(from: position).required()
          .first { $0.header.lastOffset >= offset }
        if found?.position != truth.first?.position {
          Issue.record("offset \(offset): \(String(describing: found))")
        }
      }
      #expect(index.floor(of: segment.nextOffset) == index.last)
    }
    #expect(seen == offsetCounts[id])
  }

  /// The ends of the logs: from the summaries and, for the metadata, from the last snapshot's name
  /// or, where that is missing, from counting records.
  private let offsetCounts: [PartitionID: Int] = [
    .plain: 2061, .mixed: 10742, .compacted: 5218, .cleanMetadata: 70,
    .cleanConsumerOffsets: 7, .cleanTransactionState: 19, .cleanOrders: 4600,
    .cleanPayments: 126, .killedMetadata: 62, .killedConsumerOffsets: 7,
    .killedTransactionState: 19, .killedOrders: 4600, .killedPayments: 126,
  ]

  /// At each entry and right next to it: the nearest one, and not just one that will do.
  @Test(arguments: PartitionID.allCases)
  func theNearestEntryIsFound(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments {
      let bytes = segment.offsetIndexEntries
      let index = OffsetIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      for number in 0..<index.count {
        let entry = index[number]
        let previous = number > 0 ? index[number - 1] : nil
        let next = number + 1 < index.count ? index[number + 1] : nil
        #expect(index.floor(of: entry.offset) == entry)
        #expect(index.floor(of: entry.offset.advanced(by: -1)) == previous)
        #expect(index.first(atOrAfterPosition: entry.position) == entry)
        #expect(index.first(atOrAfterPosition: entry.position + 1) == next)
        #expect(index.count(before: entry.offset) == number)
        #expect(index.count(before: entry.offset.advanced(by: 1)) == number + 1)
      }
      let timeBytes = segment.timeIndexEntries
      let times = TimeIndexView(timeBytes.span.bytes, baseOffset: segment.baseOffset)
      for number in 0..<times.count {
        let entry = times[number]
        let previous = number > 0 ? times[number - 1] : nil
        #expect(times.floor(of: entry.timestamp) == entry)
        let before = Timestamp(milliseconds: entry.timestamp.rawValue - 1)
        #expect(times.floor(of: before) == previous)
      }
    }
  }

  /// A walk over the bytes from an entry on, for both ends of each batch.
  @Test(arguments: PartitionID.allCases)
  func aWalkFromAnEntryMeetsTheBatch(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments {
      let bytes = segment.offsetIndexEntries
      let index = OffsetIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      for batch in segment.batches {
        for offset in [batch.header.baseOffset, batch.header.lastOffset] {
          let start = index.floor(of: offset)?.position ?? 0
          var walk = BatchWalk(segment.log.span.bytes, from: start)
          var found: BatchHeader?
          while let next = try walk.next() {
            guard next.header.lastOffset >= offset else { continue }
            found = next.header
            break
          }
          #expect(found == batch.header)
        }
      }
    }
  }

  /// The 200 look-ups with Kafka's own answers.
  @Test(arguments: PartitionID.queried)
  func timesAreFoundWhereKafkaFindsThem(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    let queries = try partition.summary.required().timestampQueries
    #expect(queries.count == 200)
    var readInside = 0
    for query in queries {
      let target = Timestamp(milliseconds: query.target)
      let answer = try TimeSearch(partition).first(atOrAfter: target).required()
      let found =
        answer.timestamp.rawValue == query.timestamp && answer.offset.rawValue == query.offset
        && answer.leaderEpoch.rawValue == query.leaderEpoch
      if !found { Issue.record("\(query): \(answer)") }
      if answer.wasReadInside { readInside += 1 }
    }
    let hasAllCodecs = CompressionCodec.allCases.allSatisfy(\.isBuiltIn)
    #expect(hasAllCodecs ? readInside == 200 : readInside >= readInsideCounts[id] ?? 0)
  }

  /// Times around those of each batch, against a search through all that Kafka's reader saw.
  @Test(arguments: PartitionID.described.filter { !$0.isKilled })
  func timesAreFoundWhereALinearSearchFindsThem(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    let newest = partition.batches.map(\.header.maxTimestamp.rawValue)
    let targets = Set(newest.flatMap { [$0 - 1, $0, $0 + 1] })
    for target in targets {
      let expected = partition.records.first { $0.timestamp >= target }
      let answer = try TimeSearch(partition).first(atOrAfter: Timestamp(milliseconds: target))
      if answer?.offset.rawValue != expected?.offset {
        Issue.record("\(target): \(String(describing: answer))")
      }
    }
    #expect(targets.count > partition.batches.count / 2)
  }

  /// How many answers lie in uncompressed batches.
  private let readInsideCounts: [PartitionID: Int] = [
    .plain: 25, .mixed: 126, .compacted: 108,
  ]
}
