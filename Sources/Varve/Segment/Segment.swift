/// Facts about a segment of a log, as they were when it was asked for.
public struct Segment: Hashable, Sendable {
  /// The offset in the names of its files.
  public let baseOffset: Offset
  /// The first offset behind it.
  public let endOffset: Offset
  /// Bytes of its log.
  public let byteCount: Int
  /// Whether it is the one that is being written.
  public let isActive: Bool

  let file: SegmentFile

  init(_ file: SegmentFile) {
    self.file = file
    baseOffset = file.baseOffset
    // The position first: what lies below it is then covered by the offset.
    byteCount = file.published.position
    endOffset = file.published.offset
    isActive = file.isActive
  }

  /// The offsets that it stands for, gaps included.
  public var offsets: Range<Offset> { baseOffset..<max(baseOffset, endOffset) }

  /// Parts of it that are known to be lost.
  public var damage: [DamagedRange] { file.damage }

  /// When all of it was last compared with what it was when it was written: by ``Log/verify()-2hgsw``, by the
  /// scrubber, or for a reader who came to something that could not be. Nil if not since the log was opened.
  public var lastVerified: Timestamp? { file.verifiedAt }

  /// Its sparse index.
  public var index: SparseIndex { SparseIndex(file) }

  /// Whether two are of the same segment, and say the same of it.
  public static func == (left: Segment, right: Segment) -> Bool {
    left.baseOffset == right.baseOffset && left.endOffset == right.endOffset
      && left.byteCount == right.byteCount && left.isActive == right.isActive
  }

  /// Hashes what tells segments apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(baseOffset)
    hasher.combine(endOffset)
  }
}
