import Testing

@testable import Varve

/// What compaction decides, without a log.
@Suite struct CompactionRulesTests {
  private let rules = CompactionRules(
    now: .at(10_000), deleteRetention: .milliseconds(500), mapEnd: 100,
    producers: [
      1: ProducerSnapshotEntry(
        producer: Producer(id: 1, epoch: 3),
        lastBatch: ProducerBatch(lastSequence: 9, lastOffset: 19, lastOffsetDelta: 9),
        timestamp: .at(1)),
      2: ProducerSnapshotEntry(producer: Producer(id: 2, epoch: 3), timestamp: .at(1)),
    ])

  private func header(
    _ id: Int64? = nil, epoch: Int16 = 3, at offset: Offset = 10, isControl: Bool = false,
    horizon: Timestamp? = nil
  ) throws -> BatchHeader {
    var options = BatchOptions()
    options.producer = id.map { Producer(id: $0, epoch: epoch) }
    options.baseSequence = id == nil || isControl ? .none : 0
    options.isControl = isControl
    options.isTransactional = isControl
    options.deleteHorizon = horizon
    options.baseOffset = offset
    options.lastOffset = offset.advanced(by: 9)
    return try RecordBatch.of([Record(key: "k", value: "v", timestamp: .at(1))], options).header
  }

  @Test func theLastOfAKeyStays() {
    for (latest, keeps): (Offset?, Bool) in [(nil, true), (4, true), (5, true), (6, false)] {
      #expect(
        rules.keeps(at: 5, latest: latest, isTombstone: false, deleteHorizon: nil) == keeps)
      #expect(rules.keeps(at: 5, latest: latest, isTombstone: true, deleteHorizon: nil) == keeps)
    }
  }

  @Test func aTombstoneStaysUntilItsHorizon() {
    for (horizon, keeps): (Int64, Bool) in [(9_999, false), (10_000, false), (10_001, true)] {
      #expect(
        rules.keeps(at: 5, latest: 5, isTombstone: true, deleteHorizon: .at(horizon)) == keeps)
      #expect(rules.keeps(at: 5, latest: 5, isTombstone: false, deleteHorizon: .at(horizon)))
    }
    #expect(rules.newHorizon == .at(10_500))
  }

  @Test func markersStayUntilTheirHorizon() throws {
    let fresh = rules.terms(
      try header(7, isControl: true), isDiscardable: true, isLast: false)
    #expect(fresh == .init(discardsRecords: false, isKeptEmpty: false, needsHorizon: true))
    let old = rules.terms(
      try header(7, isControl: true, horizon: .at(10_000)), isDiscardable: true, isLast: false)
    #expect(old.discardsRecords)
    let young = rules.terms(
      try header(7, isControl: true, horizon: .at(10_001)), isDiscardable: true, isLast: false)
    #expect(!young.discardsRecords)
    let needed = rules.terms(
      try header(7, isControl: true, horizon: .at(1)), isDiscardable: false, isLast: false)
    #expect(needed == .init())
  }

  @Test func whatAProducerSentLastStays() throws {
    let cases: [(BatchHeader, Bool)] = [
      (try header(), false), (try header(1), true), (try header(1, at: 0), false),
      (try header(3), false), (try header(2), false),
      (try header(2, isControl: true), true), (try header(2, epoch: 2, isControl: true), false),
    ]
    for (header, stays) in cases {
      #expect(
        rules.terms(header, isDiscardable: false, isLast: false).isKeptEmpty == stays)
      #expect(rules.terms(header, isDiscardable: false, isLast: true).isKeptEmpty)
    }
  }

  // MARK: Groups

  private func source(
    _ base: Int64, _ end: Int64, _ bytes: Int, index: Int = 10
  ) -> CompactionSource {
    CompactionSource(
      baseOffset: Offset(rawValue: base), endOffset: Offset(rawValue: end), byteCount: bytes,
      indexByteCount: index)
  }

  private func groups(_ sources: [CompactionSource]) -> [Range<Int>] {
    CompactionGroups(segmentByteCount: 100, indexByteCount: 100).ranges(of: sources)
  }

  @Test func neighboursThatFitBecomeOne() {
    #expect(groups([]) == [])
    #expect(groups([source(0, 10, 500)]) == [0..<1])
    let three = [source(0, 10, 50), source(10, 20, 50), source(20, 30, 1)]
    #expect(groups(three) == [0..<2, 2..<3])
    #expect(groups([source(0, 10, 101), source(10, 20, 1), source(20, 30, 99)]) == [0..<1, 1..<3])
    let indexes = [source(0, 10, 1, index: 60), source(10, 20, 1, index: 41)]
    #expect(groups(indexes) == [0..<1, 1..<2])
    #expect(groups([source(0, 10, 1, index: 60), source(10, 20, 1, index: 40)]) == [0..<2])
  }

  @Test func offsetsLieNearTheirBase() {
    let most = Int64(Int32.max)
    #expect(groups([source(5, 6, 1), source(6, most + 6, 1)]) == [0..<2])
    #expect(groups([source(5, 6, 1), source(6, most + 7, 1)]) == [0..<1, 1..<2])
  }

  // MARK: Pace

  @Test func aBucketSaysHowLongToWait() {
    var bucket = TokenBucket(bytesPerSecond: 1000)
    // A tenth of a second is there at once.
    #expect(bucket.take(100, now: 0) == 0)
    #expect(bucket.take(500, now: 0) == 500_000_000)
    #expect(bucket.take(0, now: 400_000_000) == 100_000_000)
    #expect(bucket.take(100, now: 10_000_000_000) == 0)
    #expect(bucket.take(1000, now: 10_000_000_000) == 1_000_000_000)
    // Who shares it waits behind what others took.
    #expect(bucket.take(1000, now: 10_000_000_000) == 2_000_000_000)
    #expect(bucket.take(.max, now: 10_000_000_000) > 0)
  }
}
