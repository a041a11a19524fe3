/// What the side file says of a log: where opening may begin to look, and whether it need look.
///
/// It is a hint like all that is not the log itself: what it says of a segment holds only while that
/// file is the one it was, unchanged.
struct SideRecord: Hashable, Sendable {
  enum State: UInt32, Sendable {
    /// The log is being written, or was when its process ended.
    case open = 1
    /// It was closed: all is in its final form.
    case closed = 2
    /// A sync failed: what memory holds of the log may not be what the device holds.
    case poisoned = 3
    /// The same, as a log was opened of which nothing is known; and nothing is known of it still.
    case distrusted = 4

    /// Whether the log is ours: nobody else has written to it since.
    var isKnown: Bool { self == .open || self == .poisoned }
    /// Whether memory may hold what the device does not.
    var hasFailedSync: Bool { self == .poisoned || self == .distrusted }
  }

  /// The last segment, as it was when the log was closed.
  struct LastSegment: Hashable, Sendable {
    var baseOffset: Offset
    var end: SegmentEnd
    var inode: Int64
    var modified: Int64
    var created: Int64
    var maxTimestamp: Timestamp
    var maxTimestampOffset: Offset
    var firstTimestamp: Timestamp
    var leaderEpoch: LeaderEpoch
    var digest: SegmentDigest
    /// How many entries its transaction index has; nil where that was not written down.
    var abortedCount: Int?
  }

  var state: State
  var bootID: UInt128
  /// Segments that begin below are cut, synced and never written again. Also where Kafka's recovery
  /// point may be: its loader believes the files of all segments that end below.
  var sealedBelow: Offset
  /// How far the log was on the device when this was written: bytes alone, where Kafka wants more.
  var durable: DurableMark
  /// How many entries there are behind the slots.
  var entryCount = 0
  var last: LastSegment?
  /// The reign of the last batch that is not looked at again, by which a file of them is known that
  /// lags behind. Nil where no batch says under whom it was appended.
  var restingEpoch: LeaderEpochStart?
  /// Where the log is cut, until that is done.
  var cut: LogCut?
  /// The first offset that is there: in the midst of a segment, perhaps.
  var start: Offset = 0
  /// Up to where the log was compacted.
  var cleanedBelow: Offset = 0
}

// MARK: Bytes

extension SideRecord {
  /// Bytes of a slot. Its bytes are written in one go, and a torn one fails its checksum.
  static let byteCount = 512
  private static let magic: UInt32 = 0x5661_5332  // VaS2
  /// Each change of a record has the next one: more than these nobody has counted.
  static let generations: ClosedRange<Int64> = 0...Int64.max / 2

  /// The record as it stands in a slot.
  func encoded(generation: Int64) -> [UInt8] {
    var writer = FieldWriter()
    writer.append(generation)
    writer.append(state.rawValue)
    writer.append(UInt64(truncatingIfNeeded: bootID >> 64))
    writer.append(UInt64(truncatingIfNeeded: bootID))
    writer.append(sealedBelow.rawValue)
    durable.write(to: &writer)
    writer.append(Int64(entryCount))
    writer.append(UInt32(last == nil ? 0 : 1))
    if let last {
      for number in [
        last.baseOffset.rawValue, last.end.offset.rawValue, Int64(last.end.position), last.inode,
        last.modified, last.created, last.maxTimestamp.rawValue, last.maxTimestampOffset.rawValue,
        last.firstTimestamp.rawValue, Int64(last.leaderEpoch.rawValue),
        Int64(bitPattern: last.digest.rawValue),
      ] {
        writer.append(number)
      }
    } else {
      // What follows has one place.
      for _ in 0..<LastSegment.fieldCount { writer.append(Int64(0)) }
    }
    // Where nothing was written, there is none.
    writer.append(Int64(restingEpoch?.epoch.rawValue ?? -1) + 1)
    writer.append(restingEpoch?.startOffset.rawValue ?? 0)
    writer.append(start.rawValue)
    writer.append(UInt32(cut == nil ? 0 : 1))
    if let cut {
      cut.write(to: &writer)
    } else {
      for _ in 0..<LogCut.wordCount { writer.append(UInt32(0)) }
    }
    writer.append(cleanedBelow.rawValue)
    writer.append(SideField.number(of: last?.abortedCount))
    return writer.sealed(Self.magic, byteCount: Self.byteCount)
  }

  /// Reads a slot; nil if it was never written, or not to its end.
  static func parse(_ bytes: RawSpan) -> (record: SideRecord, generation: Int64)? {
    guard bytes.byteCount == byteCount, var reader = FieldReader(sealed: bytes, magic) else {
      return nil
    }
    let generation = reader.next(Int64.self)
    guard generations.contains(generation) else { return nil }
    guard let state = State(rawValue: reader.next()) else { return nil }
    let boot = UInt128(reader.next(UInt64.self)) << 64 | UInt128(reader.next(UInt64.self))
    let sealedBelow = reader.nextOffset()
    guard let durable = DurableMark(&reader), let entryCount = reader.nextCount() else {
      return nil
    }
    var record = SideRecord(
      state: state, bootID: boot, sealedBelow: sealedBelow, durable: durable,
      entryCount: entryCount)
    let isLastKnown = reader.next(UInt32.self) == 1
    let last = LastSegment(&reader)
    if isLastKnown {
      guard let last else { return nil }
      record.last = last
    }
    let epoch = Int32(truncatingIfNeeded: reader.next(Int64.self) &- 1)
    let start = reader.nextOffset()
    if epoch >= 0 {
      record.restingEpoch = LeaderEpochStart(
        epoch: LeaderEpoch(rawValue: epoch), startOffset: start)
    }
    record.start = reader.nextOffset()
    let isCut = reader.next(UInt32.self) == 1
    let cut = LogCut(&reader)
    if isCut {
      guard let cut else { return nil }
      record.cut = cut
    }
    record.cleanedBelow = reader.nextOffset()
    record.last?.abortedCount = SideField.count(of: reader.next())
    return (record, generation)
  }
}

extension SideRecord.LastSegment {
  fileprivate static let fieldCount = 11

  fileprivate init?(_ reader: inout FieldReader) {
    baseOffset = reader.nextOffset()
    let offset = reader.nextOffset()
    guard let position = reader.nextCount() else { return nil }
    end = SegmentEnd(offset: offset, position: position)
    inode = reader.next()
    modified = reader.next()
    created = reader.next()
    maxTimestamp = Timestamp(rawValue: reader.next())
    maxTimestampOffset = reader.nextOffset()
    firstTimestamp = Timestamp(rawValue: reader.next())
    leaderEpoch = LeaderEpoch(rawValue: Int32(truncatingIfNeeded: reader.next(Int64.self)))
    digest = SegmentDigest(rawValue: reader.next())
  }
}
