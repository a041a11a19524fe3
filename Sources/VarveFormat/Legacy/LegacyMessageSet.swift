/// The messages that were compressed in another one, which says how their offsets and times are meant.
struct LegacyMessageSet: ~Escapable {
  private let bytes: RawSpan
  private let format: LegacyFormat
  /// What is added to the messages' own offsets.
  private let baseOffset: Int64
  private let timestampType: TimestampType
  /// The time of all of them, where a log gave them one.
  private let appendTime: Timestamp?

  /// The messages, once all of them have been found right.
  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, in wrapper: borrowing LegacyMessageView) throws(LogError) {
    self.bytes = bytes
    format = wrapper.format
    timestampType = wrapper.timestampType
    appendTime = timestampType == .appendTime ? wrapper.timestamp : nil
    let last = try Self.check(bytes, wrapper.format)
    // Some producers left the wrapper at 0, and a few such sets may have been stored.
    guard wrapper.offset != 0 else {
      baseOffset = 0
      return
    }
    guard last <= wrapper.offset.rawValue else {
      throw .breach(
        .messageOffset, atByte: LegacyMessageView.Field.offset,
        "it is \(wrapper.offset), its last message has \(last)")
    }
    baseOffset = format == .version0 ? 0 : wrapper.offset.rawValue - last
  }

  /// Looks at all messages, and returns the offset of the last one.
  private static func check(_ bytes: RawSpan, _ format: LegacyFormat) throws(LogError) -> Int64 {
    var walk = LegacyMessageWalk(bytes)
    var last: Int64 = -1
    while let message = try walk.next() {
      let start = walk.messagePosition
      do throws(LogError) { try message.validate() } catch { throw error.shifted(by: start) }
      guard message.format == format, !message.isCompressed else {
        throw .breach(.messageSet, atByte: start + LegacyMessageView.Field.magic)
      }
      guard message.offset.rawValue > last else {
        throw .breach(.messageOffset, atByte: start, "\(message.offset) after \(last)")
      }
      last = message.offset.rawValue
    }
    // The wrapper's checksum holds: nothing was torn here.
    guard walk.position == bytes.byteCount else {
      throw .breach(.messageIsComplete, atByte: walk.position)
    }
    guard last >= 0 else { throw .breach(.messageSet, atByte: 0, "there is none") }
    return last
  }

  /// Hands each message to `body` as the record that it is.
  func forEachRecord(
    _ body: (borrowing LegacyRecordView) throws(LogError) -> Void
  ) throws(LogError) {
    var walk = LegacyMessageWalk(bytes)
    while let message = try walk.next() {
      try body(
        LegacyRecordView(
          message, try LegacyContent(of: message.bytes, format),
          offset: Offset(rawValue: baseOffset + message.offset.rawValue),
          timestamp: appendTime ?? message.timestamp, timestampType))
    }
  }
}
