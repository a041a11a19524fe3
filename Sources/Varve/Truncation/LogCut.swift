/// Where a log is cut, as the side file has it from the moment on from which it is: what a crash leaves
/// undone, the next opening does.
struct LogCut: Hashable, Sendable {
  /// Where the log ends then. All before is on the device.
  var end: DurableMark
  /// Whether the segments before the last one go, too: the log begins anew.
  var isFresh: Bool

  /// Whether a segment stays. Of the last one that stays, what lies behind the end goes.
  func keeps(_ base: Offset) -> Bool {
    base == end.segmentBase || !isFresh && base < end.segmentBase
  }
}

extension LogCut {
  /// How many words it takes, of 32 bits.
  static let wordCount = 7

  func write(to writer: inout FieldWriter) {
    end.write(to: &writer)
    writer.append(UInt32(isFresh ? 1 : 0))
  }

  init?(_ reader: inout FieldReader) {
    guard let end = DurableMark(&reader) else { return nil }
    self.end = end
    isFresh = reader.next(UInt32.self) == 1
  }
}
