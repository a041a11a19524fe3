internal import VarveFormat

/// The transactions that are open at some place of a log, and what their ends say.
struct KafkaTransactions {
  /// By producer, where each one began.
  private var open: [Int64: Offset] = [:]

  /// Bytes of an entry of a transaction index.
  static let entryByteCount = 34

  /// Takes note of a batch, and returns the entry that a transaction index gets for it, if any.
  mutating func apply(_ batch: KafkaBatch, in log: [UInt8]) -> [UInt8]? {
    guard batch.producerID >= 0 else { return nil }
    guard batch.attributes.isControl else {
      if batch.attributes.isTransactional, open[batch.producerID] == nil {
        open[batch.producerID] = batch.baseOffset
      }
      return nil
    }
    guard let outcome = outcome(batch, in: log),
      let first = open.removeValue(forKey: batch.producerID), outcome == .aborted
    else { return nil }
    // What is stable once this transaction has ended.
    let lastStable = open.values.min() ?? batch.nextOffset
    var entry: [UInt8] = [0, 0]
    entry.appendBigEndian(batch.producerID)
    for offset in [first, batch.lastOffset, lastStable] { entry.appendBigEndian(offset.rawValue) }
    return entry
  }

  private func outcome(
    _ batch: KafkaBatch, in log: [UInt8]
  ) -> EndTransactionMarker.Outcome? {
    // What cannot be read is no marker that ends a transaction.
    guard let batch = try? RecordBatch(validating: Array(log[batch.range]), as: .log),
      let record = try? batch.records().first(where: { _ in true })
    else { return nil }
    return (try? EndTransactionMarker(record.view))?.outcome
  }

  /// Looks at a transaction index as Kafka does when it starts. False if its segment has to be
  /// read anew.
  static func isSound(
    _ index: [UInt8], baseOffset: Offset, file: String
  ) throws(KafkaLoaderModel.Failure) -> Bool {
    for start in stride(from: 0, to: index.count - entryByteCount + 1, by: entryByteCount) {
      guard Int8(bitPattern: index[start]) <= 0 else { throw .transactionIndexVersion(file: file) }
      guard index.bigEndian(at: start + 18, as: Int64.self) >= baseOffset.rawValue else {
        return false
      }
    }
    return true
  }
}
