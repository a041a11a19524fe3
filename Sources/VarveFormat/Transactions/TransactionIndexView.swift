/// The entries of a transaction index, `<base offset>.txnindex`, where they lie: one for each
/// transaction whose abort marker is in the segment, in the order of the markers.
///
/// A segment without such a file has none. Bytes behind the last whole entry are left out; the next
/// entry goes where they are.
public struct TransactionIndexView: ~Escapable {
  private let bytes: RawSpan

  /// The entries of an index file.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) { self.bytes = bytes }

  /// How many entries there are.
  public var count: Int { bytes.byteCount / AbortedTransaction.byteCount }

  /// The entry at `index`, counted from 0.
  ///
  /// - Throws: ``LogError/Code/unsupported`` where it is of a version that is not known.
  public subscript(index: Int) -> AbortedTransaction {
    get throws(LogError) {
      try AbortedTransaction(parsing: bytes, at: index * AbortedTransaction.byteCount)
    }
  }

  /// Hands each entry to `body`, until it returns false.
  private func forEach(_ body: (Int, AbortedTransaction) throws(LogError) -> Bool) throws(LogError)
  {
    for index in 0..<count {
      guard try body(index, try self[index]) else { return }
    }
  }
}

// MARK: Is it right?

extension TransactionIndexView {
  /// Looks at every entry: its version, and that its marker may lie in the segment.
  ///
  /// This is what Kafka asks when it loads a segment; an index that fails is made again from the
  /// batches. Kafka does not ask for order, but never writes entries out of it: see
  /// ``isOrdered``.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and the byte, or
  ///   ``LogError/Code/unsupported`` for a version that is not known.
  public func validate(baseOffset: Offset) throws(LogError) {
    try forEach { index, entry throws(LogError) in
      guard entry.lastOffset >= baseOffset else {
        throw .breach(.indexRange, atByte: index * AbortedTransaction.byteCount, "\(entry)")
      }
      return true
    }
  }

  /// Whether each marker stands behind the one before it, as whoever appends to the index must see
  /// to.
  public var isOrdered: Bool {
    get throws(LogError) {
      var last: Offset?
      var isOrdered = true
      try forEach { _, entry throws(LogError) in
        isOrdered = last.map { $0 < entry.lastOffset } ?? true
        last = entry.lastOffset
        return isOrdered
      }
      return isOrdered
    }
  }
}

// MARK: Look-ups

extension TransactionIndexView {
  /// How many entries stay when the log is cut at `offset`: those before the first one whose marker
  /// is cut off.
  public func count(before offset: Offset) throws(LogError) -> Int {
    var kept = count
    try forEach { index, entry throws(LogError) in
      guard entry.lastOffset >= offset else { return true }
      kept = index
      return false
    }
    return kept
  }
}
