import Testing

@testable import VarveFormat

/// A batch of random shape, which its seed repeats: what is built, and what a reader must see.
struct BatchPlan {
  private(set) var options = BatchOptions()
  private(set) var entries: [Entry] = []

  /// A record and its place.
  struct Entry: Hashable {
    var offset: Offset
    var record: Record
  }

  init(seed: UInt64) {
    var random = SplitMix(seed: seed)
    options = random.options()
    // The first record need not be at the base offset: compaction may have taken that one.
    var offset = options.baseOffset.advanced(by: random.hole())
    for _ in 0..<Int.random(in: 1...40, using: &random) {
      entries.append(Entry(offset: offset, record: random.record()))
      offset = offset.advanced(by: 1 + random.hole())
    }
  }

  /// The entries as a reader sees them: with times that the log set, or none where none were given.
  var expected: [Entry] {
    entries.map { entry in
      var seen = entry
      seen.record.timestamp = options.appendTime ?? entry.record.timestamp ?? Timestamp.none
      return seen
    }
  }

  /// Builds the batch, at first with room for its header alone, so that the builder must grow.
  func build() throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options, capacity: FormatLimits.batchHeaderByteCount)
    for entry in entries { try builder.append(entry.record, offset: entry.offset) }
    let finished = builder.finish()
    return try #require(finished)
  }
}

extension RecordBatch {
  /// What the sequence of records that keep their batch alive says.
  func ownedEntries() throws -> [BatchPlan.Entry] {
    try records().map { BatchPlan.Entry(offset: $0.offset, record: Record(copying: $0)) }
  }

  /// What the iterator that borrows the batch says.
  func borrowedEntries() throws -> [BatchPlan.Entry] {
    var entries: [BatchPlan.Entry] = []
    var records = try view.records.makeIterator()
    while let record = records.next() {
      entries.append(BatchPlan.Entry(offset: record.offset, record: Record(copying: record)))
    }
    return entries
  }
}

extension SplitMix {
  fileprivate mutating func options() -> BatchOptions {
    var options = BatchOptions()
    if Bool.random(using: &self) {
      let producer = Producer(
        id: Int64.random(in: 0...Int64.max, using: &self),
        epoch: Int16.random(in: 0...Int16.max, using: &self))
      options = BatchOptions(
        producer: producer,
        baseSequence: SequenceNumber(rawValue: Int32.random(in: 0...Int32.max, using: &self)),
        isTransactional: Bool.random(using: &self))
    }
    options.baseOffset = Offset(rawValue: Int64.random(in: 0...1 << 40, using: &self))
    options.leaderEpoch = LeaderEpoch(rawValue: Int32.random(in: -1...9, using: &self))
    if chance(4) { options.appendTime = time() }
    if chance(4) { options.deleteHorizon = time() }
    return options
  }

  /// Mostly no hole at all, sometimes a large one.
  fileprivate mutating func hole() -> Int {
    chance(3) ? Int.random(in: 0...1 << Int.random(in: 0...20, using: &self), using: &self) : 0
  }

  fileprivate mutating func record() -> Record {
    let headers = (0..<Int.random(in: 0...4, using: &self)).map { _ in
      RecordHeader(key: headerKey(), value: field())
    }
    return Record(
      key: field(), value: field(), headers: headers, timestamp: chance(6) ? nil : time())
  }

  /// A header's key may be empty, and may be of more bytes than characters.
  private mutating func headerKey() -> String {
    ["", "a", "trace", "größe", "😀"].randomElement(using: &self)!
  }

  private mutating func time() -> Timestamp {
    let times: [Int64] = [-1, 0, 1, 1_700_000_000_000, .max]
    return Timestamp(milliseconds: times.randomElement(using: &self)!)
  }

  /// Lengths around those at which their own encoding grows, from 63 to 64 and from 8191 to 8192.
  private mutating func field() -> [UInt8]? {
    let count: Int
    switch Int.random(in: 0..<16, using: &self) {
    case 0...2: return nil
    case 3...4: count = 0
    case 5...10: count = Int.random(in: 1...20, using: &self)
    case 11...14: count = Int.random(in: 60...70, using: &self)
    default: count = Int.random(in: 8180...8200, using: &self)
    }
    let first = UInt8.random(in: 0...255, using: &self)
    return (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0) }
  }
}
