// Where the fields lie. The first 21 bytes are outside the checksum, so that a log can stamp its
// offset and epoch into a producer's batch without computing it anew.
extension BatchHeader {
  enum Field {
    static let baseOffset = 0
    static let batchLength = 8
    static let leaderEpoch = 12
    static let magic = 16
    static let checksum = 17
    static let attributes = 21
    static let lastOffsetDelta = 23
    static let baseTimestamp = 27
    static let maxTimestamp = 35
    static let producerID = 43
    static let producerEpoch = 51
    static let baseSequence = 53
    static let recordCount = 57
    static let records = 61
  }

  /// Bytes up to the format version, version included. Fewer, or no more, are a torn tail.
  package static let prefixWithMagic = 17

  /// The format version that Varve writes.
  static let magic: Int8 = 2

  /// The first byte that the checksum covers.
  package static let checksummedFrom = Field.attributes

  /// The least that the length field of an older message says.
  static let minimumMessageLength = 14

  /// What the length field of a batch of no records says.
  static let minimumBatchLength =
    FormatLimits.batchHeaderByteCount - FormatLimits.batchPrefixByteCount
}

// MARK: Reading

extension BatchHeader {
  /// Reads the header of the batch that begins at `position`.
  ///
  /// The batch itself need not be there, only its first 61 bytes.
  public init(parsing bytes: RawSpan, at position: Int = 0) throws(LogError) {
    guard position >= 0, bytes.byteCount - position >= FormatLimits.batchHeaderByteCount else {
      // No arithmetic with a position that may be any number.
      throw .breach(
        .batchIsComplete, atByte: position, "there are \(bytes.byteCount) bytes in all")
    }
    self.init(fields: bytes.slice(position, count: FormatLimits.batchHeaderByteCount))
    // The version comes first: in an older one the other fields lie elsewhere.
    let magic: Int8 = bytes.bigEndian(at: position + Field.magic)
    try Self.check(
      magic: magic, length: byteCount - FormatLimits.batchPrefixByteCount, at: position)
    try checkFields(at: position)
  }

  /// Takes the fields as they are.
  @inline(__always)
  init(fields bytes: RawSpan) {
    let length: Int32 = bytes.bigEndian(at: Field.batchLength)
    baseOffset = Offset(rawValue: bytes.bigEndian(at: Field.baseOffset))
    byteCount = Int(length) + FormatLimits.batchPrefixByteCount
    leaderEpoch = LeaderEpoch(rawValue: bytes.bigEndian(at: Field.leaderEpoch))
    checksum = bytes.bigEndian(at: Field.checksum)
    attributes = BatchAttributes(rawValue: bytes.bigEndian(at: Field.attributes))
    lastOffsetDelta = bytes.bigEndian(at: Field.lastOffsetDelta)
    baseTimestamp = Timestamp(rawValue: bytes.bigEndian(at: Field.baseTimestamp))
    maxTimestamp = Timestamp(rawValue: bytes.bigEndian(at: Field.maxTimestamp))
    rawProducer = Producer(
      id: bytes.bigEndian(at: Field.producerID), epoch: bytes.bigEndian(at: Field.producerEpoch))
    baseSequence = SequenceNumber(rawValue: bytes.bigEndian(at: Field.baseSequence))
    recordCount = bytes.bigEndian(at: Field.recordCount)
  }

  /// Refuses what is no batch of this format, by the two fields that all formats share.
  ///
  /// Zeros, as a preallocated file ends in, are not taken for a message set of version 0: even that
  /// has a length of 14.
  static func check(magic: Int8, length: Int, at position: Int) throws(LogError) {
    let minimum = magic == Self.magic ? minimumBatchLength : minimumMessageLength
    guard length >= minimum else {
      throw .breach(.batchLength, atByte: position + Field.batchLength, "it says \(length)")
    }
    guard magic != Self.magic else { return }
    guard magic == 0 || magic == 1 else {
      throw .breach(.magic, atByte: position + Field.magic, "it says \(magic)")
    }
    throw LogError(
      .unsupported,
      "a message of format version \(magic), from before Kafka 0.11: a LegacyMessageWalk reads it",
      breach: FormatBreach(.magic, atByte: position + Field.magic))
  }

  /// Refuses what would make the header's own arithmetic lie.
  private func checkFields(at position: Int) throws(LogError) {
    guard lastOffsetDelta >= 0 else {
      throw .breach(
        .lastOffsetDelta, atByte: position + Field.lastOffsetDelta, "it is \(lastOffsetDelta)")
    }
    guard baseOffset.rawValue >= 0, baseOffset.rawValue < Int64.max - Int64(lastOffsetDelta)
    else {
      throw .breach(.baseOffset, atByte: position + Field.baseOffset, "it is \(baseOffset)")
    }
  }
}

// MARK: Writing

extension BatchHeader {
  /// Writes the 61 bytes of the header.
  func store(to memory: UnsafeMutableRawPointer) {
    // SAFETY: the callers own 61 bytes there; every store lies within them.
    unsafe memory.storeBigEndian(baseOffset.rawValue, at: Field.baseOffset)
    unsafe memory.storeBigEndian(
      Int32(byteCount - FormatLimits.batchPrefixByteCount), at: Field.batchLength)
    unsafe memory.storeBigEndian(leaderEpoch.rawValue, at: Field.leaderEpoch)
    unsafe memory.storeBigEndian(Self.magic, at: Field.magic)
    unsafe memory.storeBigEndian(checksum, at: Field.checksum)
    unsafe memory.storeBigEndian(attributes.rawValue, at: Field.attributes)
    unsafe memory.storeBigEndian(lastOffsetDelta, at: Field.lastOffsetDelta)
    unsafe memory.storeBigEndian(baseTimestamp.rawValue, at: Field.baseTimestamp)
    unsafe memory.storeBigEndian(maxTimestamp.rawValue, at: Field.maxTimestamp)
    unsafe memory.storeBigEndian(rawProducer.id, at: Field.producerID)
    unsafe memory.storeBigEndian(rawProducer.epoch, at: Field.producerEpoch)
    unsafe memory.storeBigEndian(baseSequence.rawValue, at: Field.baseSequence)
    unsafe memory.storeBigEndian(recordCount, at: Field.recordCount)
  }
}

extension UnsafeMutableRawPointer {
  /// Stores an integer, most significant byte first, wherever it may lie.
  @inline(__always)
  func storeBigEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at position: Int) {
    unsafe storeBytes(of: value.bigEndian, toByteOffset: position, as: T.self)
  }
}
