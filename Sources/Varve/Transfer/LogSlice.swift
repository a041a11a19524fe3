internal import VarveSystem

/// Whole batches of a log, side by side in one segment's file: what is on disk is what goes over the
/// wire, so to send a slice is to send bytes of that file.
///
/// A slice owns no bytes; it holds the file. Its bytes stay what they are for as long as it is held,
/// also when the log is closed, or when the segment has been deleted: then its space is given back
/// with the last slice of it, by a thread of the runtime's. What is held is told by ``Log/pinnedSegments``.
///
/// The bytes are as they lie on disk. Whoever receives them compares each batch with its checksum,
/// as every Kafka client does.
public struct LogSlice: Sendable {
  /// From the first batch's base offset to the first offset behind the last batch.
  ///
  /// A batch is never split, so the first one may begin before the offset that was asked for.
  public let offsets: Range<Offset>
  /// Where the bytes begin in the segment's file.
  public let position: Int
  /// How many bytes there are.
  public let byteCount: Int
  /// The transactions that came to nothing and have records in the slice, in the order of their markers;
  /// none for a slice that was not asked for with ``ReadIsolation/lastStable``.
  ///
  /// Whoever receives the slice leaves out, of each of these producers, the transactional batches from
  /// ``AbortedTransaction/firstOffset`` on, up to its next marker.
  public internal(set) var abortedTransactions: [AbortedTransaction] = []

  let pin: SegmentPin

  var runtime: LogRuntime { pin.runtime }
  var segment: SegmentFile { pin.segment }
  var file: OpenFile { pin.file }

  /// The base offset of the segment, by which its files are named.
  public var segmentBaseOffset: Offset { segment.baseOffset }

  /// Where the bytes end in the segment's file.
  var endPosition: Int { position + byteCount }
}
