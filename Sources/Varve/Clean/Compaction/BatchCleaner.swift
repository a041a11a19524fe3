/// Takes from batches what compaction does not keep, and needs memory for one batch at a time.
struct BatchCleaner: ~Copyable {
  /// What is left of a batch.
  enum Outcome {
    /// All of it, byte for byte.
    case whole
    /// Nothing.
    case nothing
    /// This.
    case rest(RecordBatch)
  }

  let rules: CompactionRules
  /// How many records went for want of a key.
  private(set) var unkeyedRecordCount = 0
  /// How many records went, those among them.
  private(set) var droppedRecordCount = 0

  private var decompressor = Decompressor()
  private var compressor: Compressor
  private var keys = BatchKeys()
  /// Of the records of a batch, which ones stay.
  private var keeps: [Bool] = []

  init(_ rules: CompactionRules) throws(LogError) {
    self.rules = rules
    compressor = try Compressor(.none)
  }
}

extension BatchCleaner {
  /// What is left of a batch.
  mutating func clean(
    _ batch: BatchView, _ header: BatchHeader, _ terms: CompactionRules.BatchTerms,
    _ map: OffsetMap
  ) throws(LogError) -> Outcome {
    guard header.recordCount > 0 else { return terms.isKeptEmpty ? .whole : .nothing }
    if terms.discardsRecords {
      droppedRecordCount += Int(header.recordCount)
      return terms.isKeptEmpty ? .rest(RecordBatch(emptied: header)) : .nothing
    }
    let (keptCount, hasTombstone) = try choose(batch, header, map)
    droppedRecordCount += Int(header.recordCount) - keptCount
    guard keptCount > 0 else {
      return terms.isKeptEmpty ? .rest(RecordBatch(emptied: header)) : .nothing
    }
    let needsHorizon = (hasTombstone || terms.needsHorizon) && header.deleteHorizon == nil
    if keptCount == header.recordCount, !needsHorizon { return .whole }
    return .rest(try rewritten(batch, header, horizon: needsHorizon ? rules.newHorizon : nil))
  }

  /// Decides about each record.
  private mutating func choose(
    _ batch: BatchView, _ header: BatchHeader, _ map: OffsetMap
  ) throws(LogError) -> (keptCount: Int, hasTombstone: Bool) {
    keeps.removeAll(keepingCapacity: true)
    var (keptCount, hasTombstone, unkeyedCount) = (0, false, 0)
    let isControl = header.isControl
    let deleteHorizon = header.deleteHorizon
    try keys.take(batch, by: &decompressor, askedOf: map)
    for entry in keys.entries {
      var stays = isControl || entry.offset >= rules.mapEnd
      if !stays {
        if let hash = entry.hash {
          stays = rules.keeps(
            at: entry.offset, latest: map.offset(of: hash), isTombstone: entry.isTombstone,
            deleteHorizon: deleteHorizon)
        } else {
          unkeyedCount += 1
        }
      }
      keeps.append(stays)
      if stays {
        keptCount += 1
        if entry.isTombstone { hasTombstone = true }
      }
    }
    unkeyedRecordCount += unkeyedCount
    return (keptCount, hasTombstone)
  }

  /// The batch of the records that stay. What its header says of all of them stays what it was.
  private mutating func rewritten(
    _ batch: BatchView, _ header: BatchHeader, horizon: Timestamp?
  ) throws(LogError) -> RecordBatch {
    var options = BatchOptions(rewriting: header)
    if let horizon { options.deleteHorizon = horizon }
    var builder = try RecordBatchBuilder(options, capacity: header.byteCount)
    var index = 0
    let records = try decompressor.records(of: batch)
    var iterator = records.makeIterator()
    while let record = iterator.next() {
      if keeps[index] { try builder.append(copying: record, offset: record.offset) }
      index += 1
    }
    if compressor.compression.codec != header.codec {
      compressor = try Compressor(try Compression(header.codec))
    }
    guard let rest = try builder.finish(compressedBy: &compressor) else {
      return RecordBatch(emptied: header)
    }
    return rest
  }
}
