/// An entry of a transaction index: a transaction that came to nothing.
public struct AbortedTransaction: Hashable, Sendable {
  /// Bytes of an entry.
  public static let byteCount = 34

  /// Whose transaction it was.
  public var producerID: Int64
  /// Where it began, perhaps in an earlier segment.
  public var firstOffset: Offset
  /// Where the marker stands that ended it.
  public var lastOffset: Offset
  /// Up to where all transactions had ended once this one had: the first offset of the oldest one
  /// that was still open, or the one behind the marker.
  public var lastStableOffset: Offset

  /// An entry.
  public init(
    producerID: Int64, firstOffset: Offset, lastOffset: Offset, lastStableOffset: Offset
  ) {
    self.producerID = producerID
    self.firstOffset = firstOffset
    self.lastOffset = lastOffset
    self.lastStableOffset = lastStableOffset
  }
}

extension AbortedTransaction {
  /// Whether readers of these offsets would meet records of the transaction, or its marker.
  public func overlaps(_ fetchOffset: Offset, upTo upperBound: Offset) -> Bool {
    lastOffset >= fetchOffset && firstOffset < upperBound
  }
}

// MARK: Bytes

extension AbortedTransaction {
  private enum Field {
    static let version = 0
    static let producerID = 2
    static let firstOffset = 10
    static let lastOffset = 18
    static let lastStableOffset = 26
  }

  /// Reads the entry that begins at `start`, all of whose bytes are there.
  ///
  /// Of the version Kafka looks at the first byte alone, and takes what is not above 0.
  public init(parsing bytes: RawSpan, at start: Int) throws(LogError) {
    let version: Int8 = bytes.bigEndian(at: start + Field.version)
    guard version <= 0 else {
      throw .breach(.fileVersion, atByte: start + Field.version, "an entry says \(version)")
    }
    self.init(
      producerID: bytes.bigEndian(at: start + Field.producerID),
      firstOffset: Offset(rawValue: bytes.bigEndian(at: start + Field.firstOffset)),
      lastOffset: Offset(rawValue: bytes.bigEndian(at: start + Field.lastOffset)),
      lastStableOffset: Offset(rawValue: bytes.bigEndian(at: start + Field.lastStableOffset)))
  }

  /// The entry's bytes, of version 0.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    bytes.append(bigEndian: 0 as Int16)
    bytes.append(bigEndian: producerID)
    for offset in [firstOffset, lastOffset, lastStableOffset] {
      bytes.append(bigEndian: offset.rawValue)
    }
    return bytes
  }
}
