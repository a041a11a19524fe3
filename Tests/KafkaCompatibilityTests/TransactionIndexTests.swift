import Testing
import Varve

/// The transaction indexes that Kafka wrote, and what it said of them.
@Suite struct TransactionIndexTests {
  /// The partition's transaction indexes, by their segments.
  private func indexes(_ id: PartitionID) throws -> [(base: Offset, bytes: [UInt8])] {
    try DirectoryListing.partitions[id].required().transactionIndexes.map { base in
      let offset = Offset(rawValue: base)
      let name = SegmentFileName(offset, .transactionIndex)
      return (offset, try FixtureArchive.bytes("\(id.rawValue)/\(name)"))
    }
  }

  private func summary(_ id: PartitionID) throws -> Summary {
    try PartitionFixture.load(id).summary.required()
  }

  private func entries(_ bytes: [UInt8]) throws -> [AbortedTransaction] {
    let index = TransactionIndexView(bytes.span.bytes)
    var entries: [AbortedTransaction] = []
    for number in 0..<index.count { entries.append(try index[number]) }
    return entries
  }

  @Test(arguments: PartitionID.described)
  func entriesAreThoseOfTheSummary(_ id: PartitionID) throws {
    let found = try indexes(id).flatMap { try entries($0.bytes) }
    #expect(found == (try summary(id).abortedTxns.map(\.entry)))
  }

  @Test(arguments: PartitionID.described)
  func entriesEncodeToTheSameBytes(_ id: PartitionID) throws {
    for (base, bytes) in try indexes(id) {
      let index = TransactionIndexView(bytes.span.bytes)
      try index.validate(baseOffset: base)
      let isOrdered = try index.isOrdered
      #expect(isOrdered)
      #expect(try entries(bytes).flatMap(\.encoded) == bytes)
    }
  }

  /// That of a segment with a greater base is refused.
  @Test(arguments: PartitionID.described)
  func anIndexOfAnotherSegmentIsRefused(_ id: PartitionID) throws {
    for (_, bytes) in try indexes(id) {
      let first = try entries(bytes)[0].lastOffset
      let next = first.advanced(by: 1)
      try TransactionIndexView(bytes.span.bytes).validate(baseOffset: first)
      #expect(throws: LogError.self) {
        try TransactionIndexView(bytes.span.bytes).validate(baseOffset: next)
      }
    }
  }

  /// Each search through the segments finds what a look at all entries finds.
  @Test(arguments: PartitionID.described)
  func searchesFindAllThatOverlap(_ id: PartitionID) throws {
    let indexes = try indexes(id)
    let all = try indexes.flatMap { try entries($0.bytes) }
    let end = try summary(id).logEndOffset
    for from in stride(from: 0, to: end, by: max(1, Int(end / 40))) {
      for to in stride(from: from, through: end, by: max(1, Int(end / 40))) {
        var search = AbortedTransactionSearch(
          from: Offset(rawValue: from), upTo: Offset(rawValue: to))
        for (_, bytes) in indexes where !search.isComplete {
          try search.look(into: TransactionIndexView(bytes.span.bytes))
        }
        let expected = all.filter { $0.lastOffset.rawValue >= from && $0.firstOffset.rawValue < to }
        if search.transactions != expected { Issue.record("\(from)..<\(to): \(search)") }
      }
    }
  }

  @Test func thereIsAsMuchAsThereWas() throws {
    let count = try PartitionID.described.reduce(0) { sum, id in
      try sum + indexes(id).reduce(0) { try $0 + entries($1.bytes).count }
    }
    #expect(count == Self.count)
  }

  /// Bytes of all transaction indexes, divided by those of an entry.
  private static let count = 20
}

extension Summary.AbortedTxn {
  var entry: AbortedTransaction {
    AbortedTransaction(
      producerID: producerId, firstOffset: Offset(rawValue: firstOffset),
      lastOffset: Offset(rawValue: lastOffset),
      lastStableOffset: Offset(rawValue: lastStableOffset))
  }
}
