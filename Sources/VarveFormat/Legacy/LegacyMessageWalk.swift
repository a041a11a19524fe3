/// Goes through bytes that hold messages of before format version 2 back to back, as old segments do.
///
/// The walk looks at sizes alone. It ends before a message whose bytes are not all there, and before a
/// batch of format version 2: see ``isAtBatch``.
public struct LegacyMessageWalk: ~Escapable {
  private let bytes: RawSpan

  /// Where the next message begins.
  public private(set) var position: Int

  /// Where the message begins that ``next()`` returned last.
  public private(set) var messagePosition: Int

  private typealias Field = LegacyMessageView.Field

  /// A walk that begins at `position`, where a message begins. Behind a position outside of the bytes
  /// there is nothing.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, from position: Int = 0) {
    self.bytes = bytes
    self.position = position
    messagePosition = position
  }

  /// Bytes from ``position`` on. Once ``next()`` has returned nil: those of an incomplete message, or
  /// of what is in another format.
  public var remainingByteCount: Int {
    position >= 0 && position <= bytes.byteCount ? bytes.byteCount - position : 0
  }

  /// The next message, or nil where no further one is there as a whole.
  ///
  /// - Throws: An error that names the rule and the byte where what is there is neither a message nor
  ///   a batch. The walk stays where it is.
  @_lifetime(copy self)
  public mutating func next() throws(LogError) -> LegacyMessageView? {
    guard let format = try nextFormat() else { return nil }
    let length = Int(bytes.bigEndian(at: position + Field.length, as: Int32.self))
    guard length >= format.overhead else { throw tooShort(length) }
    let byteCount = length + FormatLimits.batchPrefixByteCount
    guard byteCount <= remainingByteCount else { return nil }
    messagePosition = position
    position += byteCount
    return LegacyMessageView(wellFormed: bytes.slice(messagePosition, count: byteCount), format)
  }

  /// Whether a batch of format version 2 begins at ``position``, from where a ``BatchWalk`` goes on.
  public var isAtBatch: Bool { nextMagic == BatchHeader.magic }

  /// The version of what comes next; nil where not even that is there.
  private var nextMagic: Int8? {
    // As Kafka's own walk has it: one byte more than the version, or the rest is a torn tail.
    guard remainingByteCount > Field.attributes else { return nil }
    return bytes.bigEndian(at: position + Field.magic)
  }

  private func nextFormat() throws(LogError) -> LegacyFormat? {
    guard let magic = nextMagic else { return nil }
    let length = Int(bytes.bigEndian(at: position + Field.length, as: Int32.self))
    // Zeros are no message of version 0.
    guard length >= BatchHeader.minimumMessageLength else { throw tooShort(length) }
    guard magic != BatchHeader.magic else { return nil }
    guard let format = LegacyFormat(rawValue: magic) else {
      throw .breach(.magic, atByte: position + Field.magic, "it says \(magic)")
    }
    return format
  }

  private func tooShort(_ length: Int) -> LogError {
    .breach(.messageLength, atByte: position + Field.length, "it says \(length)")
  }
}

// MARK: Look-ups

extension LegacyMessageWalk {
  /// The next message whose offset is this one or a later one: it holds the first record that is not
  /// before it. Nil where there is none.
  @_lifetime(copy self)
  public mutating func skip(to offset: Offset) throws(LogError) -> LegacyMessageView? {
    while let message = try next() {
      if message.offset >= offset { return message }
    }
    return nil
  }

  /// The next message that holds something as new as `timestamp`, and reaches to `offset`. Nil where
  /// there is none; messages of version 0 have no time.
  @_lifetime(copy self)
  public mutating func skip(
    to timestamp: Timestamp, from offset: Offset
  ) throws(LogError) -> LegacyMessageView? {
    while let message = try next() {
      if message.timestamp >= timestamp, message.offset >= offset { return message }
    }
    return nil
  }
}
