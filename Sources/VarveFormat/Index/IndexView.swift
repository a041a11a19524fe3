/// The entries of an index file, where they lie.
///
/// An index is a hint. It has no checksum, and a file that a crash left behind may end in zeros, so
/// whoever follows an entry compares what is there with the batch itself.
public struct IndexView<Entry: IndexEntry>: ~Escapable {
  /// The entries as they lie in the file.
  package let bytes: RawSpan

  /// The base offset of the segment.
  public let baseOffset: Offset

  /// The entries of an index file of a segment; bytes behind the last whole entry are left out.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, baseOffset: Offset) {
    self.bytes = bytes
    self.baseOffset = baseOffset
  }

  /// How many entries there are.
  public var count: Int { bytes.byteCount / Entry.byteCount }

  /// The entry at `index`, counted from 0.
  public subscript(index: Int) -> Entry {
    Entry(parsing: bytes, at: index * Entry.byteCount, baseOffset: baseOffset)
  }

  /// The last entry, or nil if there is none.
  public var last: Entry? { count > 0 ? self[count - 1] : nil }

  /// How many entries come before the first one that fails `belongs`, which none behind it meets.
  public func prefixCount(where belongs: (Entry) -> Bool) -> Int {
    var range = 0..<count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = belongs(self[middle]) ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  /// The last entry that meets `belongs`, which all before it meet, or nil if none does.
  public func last(where belongs: (Entry) -> Bool) -> Entry? {
    let count = prefixCount(where: belongs)
    return count > 0 ? self[count - 1] : nil
  }

  /// How many entries stay when the log is cut at `offset`: those before it.
  public func count(before offset: Offset) -> Int { prefixCount { $0.offset < offset } }

  /// Looks at every entry: their order, and that each could be true.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and the byte.
  public func validate() throws(LogError) {
    guard bytes.byteCount % Entry.byteCount == 0 else {
      throw .breach(.indexLength, atByte: count * Entry.byteCount)
    }
    let sound = soundCount
    guard sound < count else { return }
    let entry = self[sound]
    throw .breach(
      entry.isInRange(baseOffset: baseOffset) ? .indexOrder : .indexRange,
      atByte: sound * Entry.byteCount, "\(entry)")
  }

  /// How many entries there are before the first one that cannot be true, or does not follow the
  /// one before it: before the zeros, say, that a crash leaves at the end of a preallocated index.
  ///
  /// Looks at every entry up to there.
  public var soundCount: Int {
    var previous: Entry?
    for index in 0..<count {
      let entry = self[index]
      guard entry.isInRange(baseOffset: baseOffset), previous.map(entry.follows) ?? true else {
        return index
      }
      previous = entry
    }
    return count
  }

  /// Only the first `count` entries.
  @_lifetime(copy self)
  public func prefix(_ count: Int) -> IndexView {
    IndexView(
      bytes.slice(0, count: max(0, min(count, self.count)) * Entry.byteCount),
      baseOffset: baseOffset)
  }
}
