internal import VarveSystem

/// Copies full segments to somewhere else, and knows which ones may go for that.
///
/// ```swift
/// let archive = SegmentArchive { _, slice, reader in
///   let file = try openInArchive(named: "\(slice.offsets.lowerBound)")
///   defer { file.close() }
///   try await reader.send(slice, to: file.descriptor)
///   try await file.sync()  // and its name
/// }
/// configuration.cleaner = .delete(olderThan: .seconds(86_400)).notBeyond { archive.end }
/// …
/// try await archive.copySegments(of: log)  // now and then
/// ```
///
/// What it does not have yet is not removed, whatever a policy wants that is bounded by it. The bytes are
/// those of the log: whole batches, one behind the other, which make a segment's file again.
///
/// A segment of which something is lost is copied in parts, each a slice of its own: what lies before a
/// ``DamagedRange``, between two of them, and behind the last one. So a file in the archive has the name of
/// the first offset of its slice, which no other one has; that of the segment it would share with the next
/// part. ``Segment/damage`` of what was copied says what is in none of them. Only what is known to be lost is
/// left out: a batch whose checksum nobody has compared is copied as it lies there. Who wants to know before
/// has ``Log/verify()-2hgsw`` look.
public final class SegmentArchive: Sendable {
  /// Copies a slice of a segment, by the reader that has the slice: all of the segment, or what lies between
  /// two parts of it that are lost. Returns once the copy is where it is safe: on a device, with its name.
  ///
  /// One that failed is made again, together with those of the same segment before it.
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
  /// - Returns: Those of which all has been copied that is there. ``Segment/damage`` says what is not.
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
      let parts = try await reader.parts(of: segment, from: from)
      for part in parts { try await copy(segment, part, reader) }
      copied.append(segment)
      // A segment that was compacted meanwhile may have become one with those behind it.
      let reached = max(segment.endOffset, parts.last?.offsets.upperBound ?? from)
      state.withLock { $0.end = reached }
    }
    return copied
  }

  private func isDue(_ segment: Segment, in log: Log) -> Bool {
    let limit = min(log.durableEnd, log.watermark.isKnown ? log.highWatermark : .maximum)
    return !segment.isActive && segment.endOffset <= limit && segment.endOffset > end ?? 0
  }
}

// MARK: What is there of a segment

extension ZeroCopyReader {
  /// All that is there of a segment from an offset on: a slice for each part between those that are lost.
  fileprivate func parts(
    of segment: Segment, from first: Offset
  ) async throws(LogError) -> [LogSlice] {
    let found = try await lookForParts(of: segment, from: first)
    if found.areAll(of: segment, from: first) { return found }
    // A batch seems to have the offsets of those behind it. It is found out which one.
    try await log.runtime.verifiers.run { () throws(LogError) in
      try self.log.examine(segment.file)
    }
    let again = try await lookForParts(of: segment, from: first)
    guard again.areAll(of: segment, from: first) else {
      throw LogError(
        .corrupt, "the batches of the segment \(segment.baseOffset) do not make up all of its bytes"
      )
    }
    return again
  }

  private func lookForParts(
    of segment: Segment, from first: Offset
  ) async throws(LogError) -> [LogSlice] {
    var (parts, next) = ([LogSlice](), first)
    while next < segment.endOffset {
      let known = segment.damage
      do throws(LogError) {
        let slice = try await slice(
          from: .offset(next), maximumByteCount: max(1, segment.byteCount))
        if let slice, slice.offsets.lowerBound < segment.endOffset {
          parts.append(slice)
          next = slice.offsets.upperBound
        } else if segment.damage == known {
          return parts
        }
      } catch {
        guard let lost = error.damage, lost.offsets.upperBound > next else { throw error }
        next = lost.offsets.upperBound
      }
    }
    return parts
  }
}

extension [LogSlice] {
  /// Whether these slices of a segment, and what is known to be lost of it, are all of its bytes from an offset
  /// on, and nothing else.
  fileprivate func areAll(of segment: Segment, from first: Offset) -> Bool {
    // In what has taken its place, each batch has been compared.
    guard segment.file.removal == nil else { return true }
    guard allSatisfy({ $0.offsets.upperBound <= segment.endOffset }) else { return false }
    guard let start = first > segment.baseOffset ? self.first?.position : 0 else { return true }
    let lost = segment.damage.reduce(0) {
      $0 + $1.positions.clamped(to: start..<Swift.max(start, segment.byteCount)).count
    }
    return reduce(lost) { $0 + $1.byteCount } == segment.byteCount - start
  }
}
