/// What the side file says of a log: where opening may begin to look, and whether it need look.
///
/// It is a hint like all that is not the log itself: what it says of the last segment holds only
/// while that file is the one it was, unchanged.
struct SideRecord: Hashable, Sendable {
  enum State: UInt32, Sendable {
    /// The log is being written, or was when its process ended.
    case open = 1
    /// It was closed: all is in its final form.
    case closed = 2
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
  }

  var state: State
  var bootID: UInt128
  /// Segments that begin below are cut, synced and never written again.
  var sealedBelow: Offset
  var last: LastSegment?
}

// MARK: Bytes

extension SideRecord {
  /// Bytes of a slot. Its bytes are written in one go, and a torn one fails its checksum.
  static let byteCount = 512
  private static let magic: UInt64 = 0x5661_7276_6553_6465  // VarveSde
  private static let version: UInt32 = 1
  private static let checksummedFrom = 16

  /// The record as it stands in a slot.
  func encoded(generation: Int64) -> [UInt8] {
    var writer = FieldWriter()
    writer.append(UInt64(bitPattern: generation))
    writer.append(state.rawValue)
    writer.append(UInt64(truncatingIfNeeded: bootID >> 64))
    writer.append(UInt64(truncatingIfNeeded: bootID))
    writer.append(UInt64(bitPattern: sealedBelow.rawValue))
    writer.append(UInt32(last == nil ? 0 : 1))
    if let last {
      for number in [
        last.baseOffset.rawValue, last.end.offset.rawValue, Int64(last.end.position), last.inode,
        last.modified, last.created, last.maxTimestamp.rawValue, last.maxTimestampOffset.rawValue,
        last.firstTimestamp.rawValue, Int64(last.leaderEpoch.rawValue),
      ] {
        writer.append(UInt64(bitPattern: number))
      }
    }
    let body = writer.padded(to: Self.byteCount - Self.checksummedFrom)
    var head = FieldWriter()
    head.append(Self.magic)
    head.append(Self.version)
    head.append(CRC32C.checksum(of: unsafe body.span.bytes))
    return head.bytes + body
  }

  /// Reads a slot; nil if it was never written, or not to its end.
  static func parse(_ bytes: RawSpan) -> (record: SideRecord, generation: Int64)? {
    guard bytes.byteCount >= byteCount else { return nil }
    let body = bytes.slice(checksummedFrom, count: byteCount - checksummedFrom)
    guard bytes.bigEndian(at: 0, as: UInt64.self) == magic,
      bytes.bigEndian(at: 8, as: UInt32.self) == version,
      bytes.bigEndian(at: 12, as: UInt32.self) == CRC32C.checksum(of: body)
    else { return nil }
    var reader = FieldReader(body)
    let generation = reader.next(Int64.self)
    guard let state = State(rawValue: reader.next(UInt32.self)) else { return nil }
    let boot = UInt128(reader.next(UInt64.self)) << 64 | UInt128(reader.next(UInt64.self))
    let sealedBelow = Offset(rawValue: reader.next(Int64.self))
    var record = SideRecord(
      state: state, bootID: boot, sealedBelow: sealedBelow, last: nil)
    if reader.next(UInt32.self) == 1 { record.last = LastSegment(&reader) }
    return (record, generation)
  }
}

extension SideRecord.LastSegment {
  fileprivate init(_ reader: inout FieldReader) {
    baseOffset = Offset(rawValue: reader.next(Int64.self))
    end = SegmentEnd(
      offset: Offset(rawValue: reader.next(Int64.self)), position: Int(reader.next(Int64.self)))
    inode = reader.next(Int64.self)
    modified = reader.next(Int64.self)
    created = reader.next(Int64.self)
    maxTimestamp = Timestamp(rawValue: reader.next(Int64.self))
    maxTimestampOffset = Offset(rawValue: reader.next(Int64.self))
    firstTimestamp = Timestamp(rawValue: reader.next(Int64.self))
    leaderEpoch = LeaderEpoch(rawValue: Int32(truncatingIfNeeded: reader.next(Int64.self)))
  }
}

/// Writes big-endian numbers one after the other.
private struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  func padded(to count: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: count - bytes.count)
  }
}

/// Reads them again. The caller has seen that there are enough.
private struct FieldReader: ~Escapable {
  private let bytes: RawSpan
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  @_lifetime(self: copy self)
  mutating func next<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> T {
    defer { position += MemoryLayout<T>.size }
    return bytes.bigEndian(at: position)
  }
}
