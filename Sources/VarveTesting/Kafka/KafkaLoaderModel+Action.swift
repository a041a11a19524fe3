public import VarveFormat

extension KafkaLoaderModel {
  /// Something that Kafka did while it loaded a directory.
  public enum Action: Hashable, Sendable {
    /// A file is gone.
    case removed(String, Reason)
    /// A file that was about to replace others has its final name.
    case renamed(String, to: String)
    /// A file is there that was not.
    case created(String)
    /// A file that was there says something else.
    case rewrote(String)
    /// A segment was read from its start, and its indexes were written anew.
    case recovered(segment: Offset)
    /// A log was cut to its first bytes.
    case cut(segment: Offset, from: Int, to: Int)
    /// A segment is gone, with its indexes and the snapshot of its base.
    case dropped(segment: Offset, byteCount: Int, DropReason)
    /// There was no segment, and now there is one that is empty.
    case createdSegment(Offset)
  }

  /// Why a file was removed.
  public enum Reason: Hashable, Sendable {
    /// It was marked to be deleted, or written by a cleaner that did not finish.
    case leftover
    /// It belongs to a replacement of which another part did not finish.
    case unfinishedReplacement
    /// Another segment has taken its offsets over.
    case replaced
    /// It is an index without a log.
    case orphaned
    /// It is a snapshot of neither a segment's base nor the end.
    case straySnapshot
    /// It is a snapshot of offsets that are not there, or not yet known to be.
    case snapshotOutOfRange
    /// It is a snapshot that cannot be read.
    case corruptSnapshot
  }

  /// Why a segment was dropped.
  public enum DropReason: Hashable, Sendable {
    /// One before it was cut.
    case behindCut(of: Offset)
    /// The whole log lies before its start.
    case beforeLogStart
  }
}
