/// A segment of which somebody holds slices.
///
/// Its bytes stay for as long as that is so: deleted from the log, its space is given back with the last
/// slice. Who holds slices for long keeps space that no retention counts, and finds it here.
public struct PinnedSegment: Hashable, Sendable {
  /// The first offset of the segment, by which its files are named.
  public let baseOffset: Offset
  /// How many slices of it are held.
  public let sliceCount: Int
  /// Bytes of its batches.
  public let byteCount: Int
  /// Whether it is a part of the log no more, so that the slices alone keep its space.
  public let isRemoved: Bool
}

extension Log {
  /// The segments of which slices are held, oldest first.
  public var pinnedSegments: [PinnedSegment] {
    pins.current.map { segment, sliceCount in
      PinnedSegment(
        baseOffset: segment.baseOffset, sliceCount: sliceCount,
        byteCount: segment.published.position,
        isRemoved: table.floor(of: segment.baseOffset) !== segment)
    }
  }
}
