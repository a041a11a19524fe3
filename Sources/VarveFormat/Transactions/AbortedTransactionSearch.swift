/// Looks for the transactions that readers of some offsets have to leave out, in one segment's
/// transaction index after the other, until one says that there can be no more.
///
///     var search = AbortedTransactionSearch(from: fetchOffset, upTo: upperBound)
///     for segment in segments where !search.isComplete { try search.look(into: segment.index) }
public struct AbortedTransactionSearch: Hashable, Sendable {
  /// The first offset that is read.
  public let fetchOffset: Offset
  /// The first one that is not.
  public let upperBound: Offset

  /// What was found so far, in the order of the markers.
  public private(set) var transactions: [AbortedTransaction] = []
  /// Whether no later segment can have more: all that was open below the bound had ended.
  public private(set) var isComplete = false

  /// A search for readers from one offset on, up to and without another.
  public init(from fetchOffset: Offset, upTo upperBound: Offset) {
    self.fetchOffset = fetchOffset
    self.upperBound = upperBound
  }

  /// Takes what the next segment's index has.
  ///
  /// - Throws: ``LogError/Code/unsupported`` for an entry of a version that is not known; what was
  ///   found before it stays.
  public mutating func look(into index: borrowing TransactionIndexView) throws(LogError) {
    for number in 0..<index.count where !isComplete {
      let entry = try index[number]
      if entry.overlaps(fetchOffset, upTo: upperBound) { transactions.append(entry) }
      isComplete = entry.lastStableOffset >= upperBound
    }
  }
}
