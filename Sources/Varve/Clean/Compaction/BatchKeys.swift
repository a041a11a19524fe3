/// What compaction asks of the records of a batch: of which keys they are, and where.
///
/// All keys of a batch are hashed before the first one is looked up. The map is mostly larger than
/// the caches, so the way to an entry takes longer than all else that is done about a record; but the
/// memory brings many at a time, if it is asked for them early.
struct BatchKeys: ~Copyable {
  struct Entry {
    let offset: Offset
    /// Of its key; nil where it has none.
    let hash: KeyHash?
    let isTombstone: Bool
  }

  private(set) var entries: [Entry] = []

  /// Takes up the records of a batch, in their order, in place of those of another.
  mutating func take(
    _ batch: BatchView, by decompressor: inout Decompressor, askedOf map: OffsetMap
  ) throws(LogError) {
    entries.removeAll(keepingCapacity: true)
    let records = try decompressor.records(of: batch)
    var iterator = records.makeIterator()
    while let record = iterator.next() {
      var hash: KeyHash?
      if let key = record.key {
        let found = map.hash(key)
        map.prepare(found)
        hash = found
      }
      entries.append(
        Entry(offset: record.offset, hash: hash, isTombstone: record.isTombstone))
    }
  }
}
