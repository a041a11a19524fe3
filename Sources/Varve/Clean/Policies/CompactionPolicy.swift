/// Keeps the last record of each key, and removes those before it.
///
/// A reader that begins at the log's start sees the last value of every key, in the order of their
/// offsets, which never change. A record without a value, a tombstone, deletes its key: it stays for
/// ``deleteRetention`` after it was cleaned first, so that whoever reads no slower than that sees it.
/// Records of transactions that came to nothing go, and so do records without a key: see
/// ``LogConfiguration/requiresKeys``.
///
/// Readers go on, and slices keep their bytes. A process that has opened the log with
/// ``Log/Mode/readOnly`` has to open it again, once segments that it knows have been replaced.
public struct CompactionPolicy: CleanerPolicy, Hashable {
  /// Which part of the log has to be new before it is compacted, by bytes: more than this. Less is enough
  /// where the disk runs short: as many bytes as half of what is free. `min.cleanable.dirty.ratio`
  public var minimumDirtyRatio: Double
  /// How old a segment has to be before it is compacted, so that readers who are not further behind than
  /// that see every record. `min.compaction.lag.ms`
  public var minimumLag: Duration
  /// How long a record may be in the log before that is compacted, however little is new; nil for any
  /// time. `max.compaction.lag.ms`
  public var maximumLag: Duration?
  /// For how long tombstones and the markers of transactions stay. `delete.retention.ms`
  public var deleteRetention: Duration

  /// A policy of these bounds, whose defaults are Kafka's.
  public init(
    minimumDirtyRatio: Double = 0.5, minimumLag: Duration = .zero, maximumLag: Duration? = nil,
    deleteRetention: Duration = .seconds(86_400)
  ) {
    self.minimumDirtyRatio = minimumDirtyRatio
    self.minimumLag = minimumLag
    self.maximumLag = maximumLag
    self.deleteRetention = deleteRetention
  }

  /// The segments that may be compacted, where enough of them is new, or has been there for too long.
  public func plan(_ view: CleanerView) -> [CleanerAction] {
    let isOverdue = isOverdue(view)
    let rolls = isOverdue && mustRoll(view)
    var end = view.firstDirtyOffset
    var (dirty, clean) = (0, 0)
    for segment in view.segments {
      if segment.endOffset <= view.firstDirtyOffset {
        clean += segment.byteCount
        continue
      }
      guard mayCompact(segment, view, rolls: rolls) else { break }
      dirty += segment.byteCount
      end = segment.endOffset
    }
    guard end > view.firstDirtyOffset,
      isOverdue || isPressing(dirty, view)
        || Double(dirty) > minimumDirtyRatio * Double(dirty + clean)
    else { return [] }
    return (rolls ? [.roll] : []) + [.compact(below: end, deleteRetention: deleteRetention)]
  }

  /// All of it: the only record of a key may be the oldest one.
  public func firstNeeded(in view: CleanerView) -> Offset? { view.start }

  private func isOverdue(_ view: CleanerView) -> Bool {
    guard let maximumLag, let since = view.dirtySince, since.rawValue > 0 else { return false }
    return .milliseconds(max(0, view.now.rawValue &- since.rawValue)) > maximumLag
  }

  private func isPressing(_ dirty: Int, _ view: CleanerView) -> Bool {
    view.freeByteCount.map { dirty >= $0 / 2 } ?? false
  }

  /// Whether what is overdue lies in the segment that is being written.
  private func mustRoll(_ view: CleanerView) -> Bool {
    guard let active = view.segments.last, active.isActive, active.byteCount > 0 else {
      return false
    }
    return view.firstDirtyOffset >= active.baseOffset && active.endOffset <= view.compactableEnd
  }

  private func mayCompact(_ segment: CleanerSegment, _ view: CleanerView, rolls: Bool) -> Bool {
    segment.endOffset <= view.compactableEnd && (!segment.isActive || rolls)
      && (minimumLag <= .zero || view.age(of: segment) >= minimumLag)
  }
}

extension CleanerPolicy where Self == CompactionPolicy {
  /// Keeps the last record of each key.
  public static func compact(
    minimumDirtyRatio: Double = 0.5, minimumLag: Duration = .zero, maximumLag: Duration? = nil,
    deleteRetention: Duration = .seconds(86_400)
  ) -> CompactionPolicy {
    CompactionPolicy(
      minimumDirtyRatio: minimumDirtyRatio, minimumLag: minimumLag, maximumLag: maximumLag,
      deleteRetention: deleteRetention)
  }
}
