/// A transaction of which it is not known yet whether it counts.
struct OpenTransaction: Hashable, Sendable {
  var producerID: Int64
  var firstOffset: Offset
}

/// A transaction that a marker has ended.
struct EndedTransaction: Hashable, Sendable {
  var producerID: Int64
  var firstOffset: Offset
  /// Where the marker stands.
  var lastOffset: Offset
  var outcome: EndTransactionMarker.Outcome
  /// Up to where all transactions had ended then.
  var lastStableOffset: Offset

  /// What a transaction index gets of it, if anything.
  var aborted: AbortedTransaction? {
    guard outcome == .aborted else { return nil }
    return AbortedTransaction(
      producerID: producerID, firstOffset: firstOffset, lastOffset: lastOffset,
      lastStableOffset: lastStableOffset)
  }
}

extension ProducerTable {
  /// Takes note of a transaction that begins. Mostly it is the youngest one.
  mutating func open(_ transaction: OpenTransaction) {
    let index =
      openTransactions.lastIndex { $0.firstOffset <= transaction.firstOffset }.map { $0 + 1 } ?? 0
    openTransactions.insert(transaction, at: index)
  }

  mutating func end(_ start: Offset, by marker: ProducedMarker) -> EndedTransaction {
    let id = marker.producer.id
    openTransactions.removeAll { $0.producerID == id }
    let ended = EndedTransaction(
      producerID: id, firstOffset: start, lastOffset: marker.offset,
      outcome: marker.marker.outcome,
      lastStableOffset: openTransactions.first?.firstOffset ?? marker.offset.advanced(by: 1))
    endedTransactions.append(ended)
    return ended
  }

  /// The first offset of the oldest transaction that is not known to have ended, on a log of which all
  /// below the high watermark is on all replicas: another leader would not know of a marker behind it.
  func firstUnstableOffset(highWatermark: Offset) -> Offset? {
    let ended = endedTransactions.lazy.filter { $0.lastOffset >= highWatermark }
      .map(\.firstOffset).min()
    guard let open = openTransactions.first?.firstOffset else { return ended }
    return min(open, ended ?? open)
  }

  /// Up to where it is known of all records whether they count.
  func lastStableOffset(highWatermark: Offset) -> Offset {
    min(highWatermark, firstUnstableOffset(highWatermark: highWatermark) ?? highWatermark)
  }

  /// Forgets what has ended for all replicas.
  mutating func forgetEnded(below highWatermark: Offset) {
    guard !endedTransactions.isEmpty else { return }
    endedTransactions.removeAll { $0.lastOffset < highWatermark }
  }
}
