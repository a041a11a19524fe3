import Testing

@testable import VarveFormat

/// Transaction indexes.
@Suite struct TransactionIndexTests {
  private static func aborted(
    _ producerID: Int64, _ first: Int64, _ last: Int64, _ stable: Int64
  ) -> AbortedTransaction {
    AbortedTransaction(
      producerID: producerID, firstOffset: Offset(rawValue: first),
      lastOffset: Offset(rawValue: last), lastStableOffset: Offset(rawValue: stable))
  }

  private static let four = [
    aborted(0, 0, 10, 11), aborted(1, 5, 15, 13), aborted(2, 18, 35, 25), aborted(3, 32, 50, 40),
  ]

  private func encoded(_ entries: [AbortedTransaction] = four) -> [UInt8] {
    entries.flatMap(\.encoded)
  }

  @Test func goldenVector() throws {
    let entry = Self.aborted(7, 100, 141, 130)
    let bytes = hex("0000 0000000000000007 0000000000000064 000000000000008d 0000000000000082")
    #expect(entry.encoded == bytes)
    let read = try TransactionIndexView(bytes.span.bytes)[0]
    #expect(read == entry)
  }

  // MARK: Searches

  /// Bounds, which of the four are found, and whether there can be no more.
  @Test(arguments: [
    (0, 100, 0..<4, false), (0, 32, 0..<3, true), (0, 35, 0..<4, true), (10, 35, 0..<4, true),
    (11, 35, 1..<4, true), (20, 41, 2..<4, false), (51, 100, 4..<4, false), (0, 0, 0..<0, true),
  ])
  func overlappingOnesAreFound(
    from: Int64, to: Int64, found: Range<Int>, isComplete: Bool
  ) throws {
    let bytes = encoded()
    var search = AbortedTransactionSearch(
      from: Offset(rawValue: from), upTo: Offset(rawValue: to))
    try search.look(into: TransactionIndexView(bytes.span.bytes))
    #expect(search.transactions == Array(Self.four[found]))
    #expect(search.isComplete == isComplete)
  }

  /// As many indexes as there are segments give the same as one, and none is looked into behind the
  /// one that says that there are no more.
  @Test(arguments: 0...4)
  func aSearchGoesOnInTheNextSegment(split: Int) throws {
    let (first, second) = (encoded(Array(Self.four[..<split])), encoded(Array(Self.four[split...])))
    for bound in Int64(0)...60 {
      let whole = encoded()
      var expected = AbortedTransactionSearch(from: 3, upTo: Offset(rawValue: bound))
      try expected.look(into: TransactionIndexView(whole.span.bytes))
      var search = AbortedTransactionSearch(from: 3, upTo: Offset(rawValue: bound))
      try search.look(into: TransactionIndexView(first.span.bytes))
      try search.look(into: TransactionIndexView(second.span.bytes))
      #expect(search == expected)
    }
  }

  @Test(arguments: [(51, 4), (50, 3), (36, 3), (35, 2), (15, 1), (11, 1), (10, 0), (0, 0)])
  func aCutLogKeepsThoseBeforeTheCut(offset: Int64, kept: Int) throws {
    let bytes = encoded()
    let index = TransactionIndexView(bytes.span.bytes)
    let count = try index.count(before: Offset(rawValue: offset))
    #expect(count == kept)
  }

  // MARK: Is it right?

  @Test func markersLieInTheSegment() throws {
    let bytes = encoded()
    let index = TransactionIndexView(bytes.span.bytes)
    for base in Int64(0)...10 { try index.validate(baseOffset: Offset(rawValue: base)) }
    let refusal = error { try index.validate(baseOffset: 16) }
    #expect(refusal?.breach == FormatBreach(.indexRange, atByte: 0))
    #expect(refusal?.code == .corrupt)
  }

  @Test func orderIsSeen() throws {
    let ordered = try TransactionIndexView(encoded().span.bytes).isOrdered
    #expect(ordered)
    for entries in [[Self.four[1], Self.four[0]], [Self.four[0], Self.four[0]]] {
      let bytes = encoded(entries)
      let isOrdered = try TransactionIndexView(bytes.span.bytes).isOrdered
      #expect(!isOrdered)
    }
  }

  /// Of the version's two bytes Kafka looks at the first.
  @Test(arguments: [(0, 0, true), (0, 9, true), (0xff, 0, true), (1, 0, false), (0x7f, 0, false)])
  func versions(high: UInt8, low: UInt8, isRead: Bool) throws {
    var bytes = encoded()
    bytes.replaceSubrange(34..<36, with: [high, low])
    let index = TransactionIndexView(bytes.span.bytes)
    let refusal = error { try index.validate(baseOffset: 0) }
    #expect((refusal == nil) == isRead)
    var search = AbortedTransactionSearch(from: 0, upTo: 100)
    let second = error { try search.look(into: index) }
    #expect(search.transactions.count == (isRead ? 4 : 1))
    guard !isRead else { return }
    #expect(second == refusal && refusal?.code == .unsupported)
    #expect(refusal?.breach?.rule == .fileVersion)
  }

  /// Those that a torn write has left.
  @Test(arguments: [0, 1, 33])
  func bytesBehindTheLastEntryAreLeftOut(count: Int) throws {
    let bytes = encoded() + [UInt8](repeating: 1, count: count)
    let index = TransactionIndexView(bytes.span.bytes)
    #expect(index.count == 4)
    try index.validate(baseOffset: 0)
    let kept = try index.count(before: .init(rawValue: .max))
    #expect(kept == 4)
  }

  @Test func anEmptyIndexHasNothing() throws {
    let index = TransactionIndexView([UInt8]().span.bytes)
    try index.validate(baseOffset: 7)
    var search = AbortedTransactionSearch(from: 0, upTo: 100)
    try search.look(into: index)
    #expect(search.transactions.isEmpty && !search.isComplete && index.count == 0)
  }
}
