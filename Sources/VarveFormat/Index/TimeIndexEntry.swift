/// An entry of a time index: up to which offset no record is newer.
public struct TimeIndexEntry: Hashable, Sendable {
  /// Bytes of an entry.
  public static let byteCount = 12

  /// The greatest timestamp of the segment so far.
  public var timestamp: Timestamp
  /// The last offset of the first batch that has it.
  public var offset: Offset

  /// An entry.
  public init(timestamp: Timestamp, offset: Offset) {
    self.timestamp = timestamp
    self.offset = offset
  }
}

extension TimeIndexEntry {
  /// Reads an entry of the segment that begins at `baseOffset`.
  public init(parsing bytes: RawSpan, at start: Int, baseOffset: Offset) {
    timestamp = Timestamp(rawValue: bytes.bigEndian(at: start))
    offset = Offset(
      rawValue: baseOffset.rawValue &+ Int64(bytes.bigEndian(at: start + 8, as: Int32.self)))
  }

  /// The entry's bytes in the index of the segment that begins at `baseOffset`.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` where the offset does not fit, and for
  ///   ``Timestamp/none``, which no index holds.
  public func encoded(relativeTo baseOffset: Offset) throws(LogError) -> InlineArray<12, UInt8> {
    let relative = try RelativeOffset(of: offset, to: baseOffset)
    guard timestamp.rawValue >= 0 else {
      throw LogError(.invalidArgument, "no time index holds \(timestamp)")
    }
    let time = UInt64(timestamp.rawValue)
    return InlineArray { index in
      index < 8
        ? UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * index))
        : UInt8(truncatingIfNeeded: relative.rawValue >> Int32(88 - 8 * index))
    }
  }
}
