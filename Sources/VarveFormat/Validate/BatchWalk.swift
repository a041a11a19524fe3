/// Goes through bytes that hold batches back to back, as a segment and a fetched slice do.
///
/// The walk looks at headers alone. It ends before a batch whose bytes are not all there: that is
/// how a slice ends that was cut by a byte limit, and a segment whose last write was torn.
public struct BatchWalk: ~Escapable {
  private let bytes: RawSpan

  /// Where the next batch begins.
  public private(set) var position: Int

  /// Where the batch begins that ``next()`` returned last.
  public private(set) var batchPosition: Int

  /// A walk that begins at `position`, where a batch begins.
  ///
  /// Behind a position outside of the bytes there is nothing: it may come from an index, which is
  /// a hint.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, from position: Int = 0) {
    self.bytes = bytes
    self.position = position
    batchPosition = position
  }

  /// Bytes from ``position`` on. Once ``next()`` has returned nil: those of an incomplete batch.
  public var remainingByteCount: Int {
    position >= 0 && position <= bytes.byteCount ? bytes.byteCount - position : 0
  }

  /// The next batch, or nil where no further batch is there as a whole.
  ///
  /// - Throws: An error that names the rule and the byte where what is there is no batch. The walk
  ///   stays where it is.
  @_lifetime(copy self)
  public mutating func next() throws(LogError) -> BatchView? {
    guard let byteCount = try nextByteCount(), byteCount <= remainingByteCount else { return nil }
    let batch = try BatchView(unverified: bytes, at: position)
    batchPosition = position
    position += byteCount
    return batch
  }

  /// Bytes of the next batch by its length field, whether or not they are there; nil where not
  /// even that field and the version are.
  public func nextByteCount() throws(LogError) -> Int? {
    // As Kafka's own walk has it: one byte more than the version, or the rest is a torn tail.
    guard remainingByteCount > BatchHeader.Field.checksum else { return nil }
    let length: Int32 = bytes.bigEndian(at: position + BatchHeader.Field.batchLength)
    let magic: Int8 = bytes.bigEndian(at: position + BatchHeader.Field.magic)
    try BatchHeader.check(magic: magic, length: Int(length), at: position)
    return Int(length) + FormatLimits.batchPrefixByteCount
  }
}

extension BatchWalk {
  /// Whether what begins at ``position`` is a message of before format version 2, which ``next()``
  /// refuses and ``LegacyMessageWalk`` reads. Behind the last of them, where that stops, another walk
  /// goes on.
  public var isAtLegacyMessage: Bool {
    guard remainingByteCount > BatchHeader.Field.checksum else { return false }
    let length: Int32 = bytes.bigEndian(at: position + BatchHeader.Field.batchLength)
    let magic: Int8 = bytes.bigEndian(at: position + BatchHeader.Field.magic)
    return LegacyFormat(rawValue: magic) != nil && Int(length) >= BatchHeader.minimumMessageLength
  }
}
