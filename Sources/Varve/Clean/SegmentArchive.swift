internal import VarveSystem

/// Copies full segments to somewhere else, and knows which ones may go for that.
///
/// ```swift
/// let archive = SegmentArchive { segment, slice, reader in
///   let file = try openInArchive(named: "\(segment.baseOffset)")
///   try await reader.send(slice, to: file)
/// }
/// configuration.cleaner = .delete(olderThan: .seconds(86_400)).notBeyond { archive.end }
/// …
/// try await archive.copySegments(of: log)  // now and then
/// ```
///
/// What it does not have yet is not removed, whatever a policy wants that is bounded by it. The bytes are
/// those of the log: whole batches, one behind the other, which make a segment's file again.
public final class SegmentArchive: Sendable {
  /// Copies a segment, by the reader that has the slice. Returns once the copy is where it is safe.
  ///
  /// It must not hold the log or a reader of it: the log holds its policy, and that this.
  public typealias Copy =
    @Sendable (
      _ segment: Segment, _ slice: LogSlice, _ reader: ZeroCopyReader
    ) async throws -> Void

  private struct State {
    var end: Offset?
    var isCopying = false
  }

  private let copy: Copy
  private let state: Lock<State>

  /// An archive that has copied what lies before an offset.
  ///
  /// - Parameters:
  ///   - end: The first offset that earlier runs have not copied; nil to begin at the log's start.
  ///   - copy: Is given one segment after the other, oldest first, from that offset on.
  public init(from end: Offset? = nil, copy: @escaping Copy) {
    self.copy = copy
    state = Lock(State(end: end))
  }

  /// The first offset that has not been copied; nil while nothing has.
  public var end: Offset? { state.withLock { $0.end } }

  /// Copies the segments that are full, on the device, and on all replicas, and have not been copied.
  ///
  /// - Returns: Those that were copied.
  /// - Throws: What copying throws, and what finding a slice does; what was copied before counts.
  ///   ``LogError/Code/retry`` while another call is at it.
  @discardableResult
  public func copySegments(of log: Log) async throws -> [Segment] {
    let isFirst = state.withLock { state in
      defer { state.isCopying = true }
      return !state.isCopying
    }
    guard isFirst else { throw LogError(.retry, "segments are being copied already") }
    defer { state.withLock { $0.isCopying = false } }
    let reader = ZeroCopyReader(log)
    var copied: [Segment] = []
    for segment in log.segments where isDue(segment, in: log) {
      // Retention without this bound may have taken what was to be copied.
      let from = max(segment.baseOffset, end ?? segment.baseOffset, log.start)
      guard from < segment.endOffset else { continue }
      if let slice = try await reader.slice(
        from: .offset(from), maximumByteCount: segment.byteCount)
      {
        try await copy(segment, slice, reader)
        copied.append(segment)
      }
      state.withLock { $0.end = segment.endOffset }
    }
    return copied
  }

  private func isDue(_ segment: Segment, in log: Log) -> Bool {
    let limit = min(log.durableEnd, log.watermark.isKnown ? log.highWatermark : .maximum)
    return !segment.isActive && segment.endOffset <= limit && segment.endOffset > end ?? 0
  }
}
