/// An entry of an offset index: from which position on to look for an offset.
public struct OffsetIndexEntry: Hashable, Sendable {
  /// Bytes of an entry.
  public static let byteCount = 8

  /// The last offset of the batches that were appended at once.
  public var offset: Offset
  /// Where the first of those batches begins in its segment.
  public var position: Int

  /// An entry.
  public init(offset: Offset, position: Int) {
    self.offset = offset
    self.position = position
  }
}

extension OffsetIndexEntry {
  /// Reads an entry of the segment that begins at `baseOffset`.
  public init(parsing bytes: RawSpan, at start: Int, baseOffset: Offset) {
    offset = Offset(
      rawValue: baseOffset.rawValue &+ Int64(bytes.bigEndian(at: start, as: Int32.self)))
    position = Int(bytes.bigEndian(at: start + 4, as: Int32.self))
  }

  /// The entry's bytes in the index of the segment that begins at `baseOffset`.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` where offset or position do not fit.
  public func encoded(relativeTo baseOffset: Offset) throws(LogError) -> InlineArray<8, UInt8> {
    let relative = try RelativeOffset(of: offset, to: baseOffset)
    guard let position = Int32(exactly: position), position >= 0 else {
      throw LogError(.invalidArgument, "no segment has a position \(self.position)")
    }
    let bits = UInt64(UInt32(bitPattern: relative.rawValue)) << 32 | UInt64(position)
    return InlineArray { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
  }
}

/// An offset's distance from the base offset of its segment, which must fit into 31 bits.
struct RelativeOffset {
  let rawValue: Int32

  init(of offset: Offset, to baseOffset: Offset) throws(LogError) {
    let (distance, overflow) = offset.rawValue
      .subtractingReportingOverflow(baseOffset.rawValue)
    guard !overflow, distance >= 0, let value = Int32(exactly: distance) else {
      throw LogError(
        .invalidArgument, "offset \(offset) is too far from its segment's base \(baseOffset)")
    }
    rawValue = value
  }
}
