/// Follows the transactions of a log while it is compacted, batch by batch: whose batches go, and from
/// when on nobody needs a marker any more.
///
/// A marker stays for as long as batches of its transaction are met, and one cleaning longer: then it
/// gets its delete horizon.
struct TransactionCleaning: Sendable {
  /// What a control batch says.
  enum Marker: Hashable, Sendable {
    /// The transaction came to nothing.
    case abort
    /// The transaction counts.
    case commit
    /// Something else, which is none of ours.
    case other
    /// Nothing any more: it was emptied.
    case emptied
  }

  /// Those that are still to come, the last one to begin first.
  private var waiting: [AbortedTransaction]
  /// By producer: the one that it is in, and whether any batch of it has been met.
  private var aborted: [Int64: (transaction: AbortedTransaction, isMet: Bool)] = [:]
  /// The producers of transactions that count and of which a batch has been met.
  private var committed: Set<Int64> = []
  /// What the segment that is being written has to say of transactions that came to nothing.
  private(set) var entries: [AbortedTransaction] = []

  /// - Parameter aborted: All that have records or a marker among what is cleaned.
  init(_ aborted: [AbortedTransaction]) {
    waiting = aborted.sorted { $0.firstOffset > $1.firstOffset }
  }

  /// Takes note of a batch of records. True if it belongs to a transaction that came to nothing.
  mutating func meets(_ header: BatchHeader) -> Bool {
    begin(at: header)
    guard header.isTransactional, let producer = header.producer else { return false }
    guard aborted[producer.id] != nil else {
      committed.insert(producer.id)
      return false
    }
    aborted[producer.id]?.isMet = true
    return true
  }

  /// Takes note of a control batch. True if it may go, because nothing of its transaction is left.
  mutating func meets(_ marker: Marker, _ header: BatchHeader) -> Bool {
    begin(at: header)
    guard let producer = header.producer else { return marker == .emptied }
    switch marker {
    case .abort:
      guard let ended = aborted.removeValue(forKey: producer.id), ended.isMet else { return true }
      entries.append(ended.transaction)
      return false
    case .commit: return committed.remove(producer.id) == nil
    case .other: return false
    case .emptied: return true
    }
  }

  /// What there is to say of the segment that has been written, in the order of the markers.
  mutating func takeEntries() -> [AbortedTransaction] {
    defer { entries = [] }
    return entries
  }

  /// Whoever begins in the midst of the log does not meet the markers before: what ended there is over, and
  /// what the same producer sends later is not part of it.
  private mutating func begin(at header: BatchHeader) {
    while let next = waiting.last, next.firstOffset <= header.lastOffset {
      if next.lastOffset >= header.baseOffset { aborted[next.producerID] = (next, false) }
      waiting.removeLast()
    }
  }
}
