import Varve

/// A segment's files, and its batches as a walk over the log finds them.
struct SegmentFixture: Sendable {
  struct Batch: Sendable {
    let position: Int
    let header: BatchHeader

    var range: Range<Int> { position..<position + header.byteCount }
  }

  let baseOffset: Offset
  let log: [UInt8]
  /// The index files as they lie there, zeros at the end included.
  let offsetIndex: [UInt8]
  let timeIndex: [UInt8]
  let batches: [Batch]
  /// Bytes behind the last batch.
  let tail: Int

  init(_ baseOffset: Int64, in folder: String) throws {
    self.baseOffset = Offset(rawValue: baseOffset)
    let base = self.baseOffset
    func read(_ kind: SegmentFileName.Kind) throws -> [UInt8] {
      try FixtureArchive.bytes("\(folder)/\(SegmentFileName(base, kind))")
    }
    log = try read(.log)
    offsetIndex = try read(.offsetIndex)
    timeIndex = try read(.timeIndex)
    (batches, tail) = try Self.walk(log)
  }

  static func walk(_ log: [UInt8]) throws -> ([Batch], tail: Int) {
    var batches: [Batch] = []
    var walk = BatchWalk(log.span.bytes)
    var position = walk.position
    while let batch = try walk.next() {
      batches.append(Batch(position: position, header: batch.header))
      position = walk.position
    }
    return (batches, walk.remainingByteCount)
  }

  /// The first offset behind the segment's batches.
  var nextOffset: Offset { batches.last?.header.nextOffset ?? baseOffset }

  /// The greatest timestamp of the segment's batches.
  var maxTimestamp: Timestamp { batches.map(\.header.maxTimestamp).max() ?? .none }

  /// The batches that begin at `position` or behind it, or nil where none begins there.
  func batches(from position: Int) -> ArraySlice<Batch>? {
    guard position > 0 else { return batches[...] }
    return batches.firstIndex { $0.position == position }.map { batches[$0...] }
  }
}

/// Index files without the zeros behind their entries.
///
/// A file in use is as long as it may become. No entry that Kafka writes is all zeros: the first
/// batch of a segment gets none, and a time index holds times.
extension SegmentFixture {
  var offsetIndexEntries: [UInt8] {
    Self.withoutZeros(offsetIndex, entryByteCount: OffsetIndexEntry.byteCount)
  }

  var timeIndexEntries: [UInt8] {
    Self.withoutZeros(timeIndex, entryByteCount: TimeIndexEntry.byteCount)
  }

  private static func withoutZeros(_ bytes: [UInt8], entryByteCount: Int) -> [UInt8] {
    let used = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    return Array(bytes.prefix((used + entryByteCount - 1) / entryByteCount * entryByteCount))
  }
}
