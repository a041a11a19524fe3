internal import VarveFormat

// What an earlier life left half done.

extension KafkaLoading {
  /// Removes what was to be deleted, what a cleaner did not finish, and what depends upon that.
  mutating func removeLeftovers() {
    let names = files.keys.sorted()
    for name in names where name.hasSuffix(".deleted") && !name.hasSuffix(".checkpoint.deleted") {
      remove(name, .leftover)
    }
    let cleaned = names.filter { $0.hasSuffix(".cleaned") }
    // Names change from the highest offset down: what is not renamed yet undoes all above it.
    if let first = cleaned.compactMap(Self.offset).min() {
      for name in names where name.hasSuffix(".swap") {
        if let offset = Self.offset(of: name), offset >= first {
          remove(name, .unfinishedReplacement)
        }
      }
    }
    for name in cleaned { remove(name, .leftover) }
  }

  /// Lets segments that were about to replace others do so.
  mutating func finishReplacements() throws(Failure) {
    let swaps = files.keys.filter { $0.hasSuffix(".swap") }.sorted()
    var replaced: Range<Offset>?
    for name in swaps where name.hasSuffix(".log.swap") {
      guard let base = Self.offset(of: name) else { continue }
      openIndex(base, suffix: ".swap")
      let end = try nextOffset(base, suffix: ".swap")
      let lower = min(base, replaced?.lowerBound ?? base)
      replaced = lower..<max(end, replaced?.upperBound ?? end, lower)
    }
    for name in files.keys.sorted() where !name.hasSuffix(".swap") {
      // Whatever has such a number in front, be it a file of Kafka's or not.
      if let offset = Self.offset(of: name), replaced?.contains(offset) ?? false {
        remove(name, .replaced)
      }
    }
    for name in files.keys.filter({ $0.hasSuffix(".swap") }).sorted() {
      rename(name, to: String(name.dropLast(".swap".count)))
    }
  }

  /// An index that is opened is there, as long as it may become, and full of zeros.
  private mutating func openIndex(_ base: Offset, suffix: String) {
    let name = name(base, .offsetIndex) + suffix
    guard files[name] == nil else { return }
    let byteCount = model.indexByteCount / OffsetIndexEntry.byteCount * OffsetIndexEntry.byteCount
    write(name, [UInt8](repeating: 0, count: byteCount))
  }
}
