/// What the entries of Kafka's index files have in common: fixed size, sorted by offset, relative
/// to the segment's base.
public protocol IndexEntry: Hashable, Sendable {
  /// Bytes of an entry.
  static var byteCount: Int { get }
  /// The offset that the entry speaks of.
  var offset: Offset { get }
  /// Reads the entry that begins at `start`.
  init(parsing bytes: RawSpan, at start: Int, baseOffset: Offset)
  /// Whether an entry may stand behind another one.
  func follows(_ previous: Self) -> Bool
  /// Whether the entry's numbers can be true of any segment.
  func isInRange(baseOffset: Offset) -> Bool
}

extension Offset {
  /// Whether an index of a segment with this base may speak of the offset.
  ///
  /// No segment begins below 0. From there, offsets that were read from an index would wrap.
  func isIndexable(from base: Offset) -> Bool { base.rawValue >= 0 && self >= base }
}
