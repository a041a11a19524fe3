/// What the side file keeps of a segment that is in its final form, or of a place in it that is lost.
///
/// Places come before the seal of their segment: of entries that are added a crash may leave the first
/// ones alone, and where a seal is found, all that is lost of its segment has to be known.
enum SideEntry: Hashable, Sendable {
  case seal(Seal)
  case damage(DamagedRange)

  /// Of which segment it speaks.
  var segmentBase: Offset {
    switch self {
    case .seal(let seal): seal.baseOffset
    case .damage(let range): range.segmentBaseOffset
    }
  }
}

/// A segment in its final form, on the device. It holds while the file is the one it was, unchanged:
/// see ``binds(_:)``.
struct Seal: Hashable, Sendable {
  var baseOffset: Offset
  var end: SegmentEnd
  var inode: Int64
  var modified: Int64
  /// Of its batches, for whoever reads them all again.
  var digest: SegmentDigest
  var maxTimestamp: Timestamp
  /// When it was sealed, by the wall clock: no record of it is younger, whatever its own time says.
  var sealedAt: Int64
  /// How many entries its transaction index has, none if there is no such file; nil where that was not
  /// written down, as versions before did not.
  var abortedCount: Int?
}

// MARK: Bytes

extension SideEntry {
  static let byteCount = 128
  private static let magic: UInt32 = 0x5661_5345  // VaSE

  private enum Kind: UInt32 {
    case seal = 1
    case damage = 2
  }

  func encoded() -> [UInt8] {
    var writer = FieldWriter()
    switch self {
    case .seal(let seal):
      writer.append(Kind.seal.rawValue)
      for number in [
        seal.baseOffset.rawValue, seal.end.offset.rawValue, Int64(seal.end.position), seal.inode,
        seal.modified, Int64(bitPattern: seal.digest.rawValue), seal.maxTimestamp.rawValue,
        seal.sealedAt, SideField.number(of: seal.abortedCount),
      ] {
        writer.append(number)
      }
    case .damage(let range):
      writer.append(Kind.damage.rawValue)
      for number in [
        range.segmentBaseOffset.rawValue, range.offsets.lowerBound.rawValue,
        range.offsets.upperBound.rawValue, Int64(range.positions.lowerBound),
        Int64(range.positions.upperBound),
      ] {
        writer.append(number)
      }
    }
    return writer.sealed(Self.magic, byteCount: Self.byteCount)
  }

  /// Reads an entry; nil if it was never written, or not to its end.
  static func parse(_ bytes: RawSpan) -> SideEntry? {
    guard bytes.byteCount == byteCount, var reader = FieldReader(sealed: bytes, magic) else {
      return nil
    }
    switch Kind(rawValue: reader.next()) {
    case .seal: return Seal(&reader).map { .seal($0) }
    case .damage: return DamagedRange(&reader).map { .damage($0) }
    case nil: return nil
    }
  }
}

extension Seal {
  fileprivate init?(_ reader: inout FieldReader) {
    baseOffset = reader.nextOffset()
    let offset = reader.nextOffset()
    guard let position = reader.nextCount() else { return nil }
    end = SegmentEnd(offset: offset, position: position)
    inode = reader.next()
    modified = reader.next()
    digest = SegmentDigest(rawValue: reader.next())
    maxTimestamp = Timestamp(rawValue: reader.next())
    sealedAt = reader.next()
    abortedCount = SideField.count(of: reader.next())
  }
}

extension DamagedRange {
  fileprivate init?(_ reader: inout FieldReader) {
    let base = reader.nextOffset()
    let (first, end) = (reader.nextOffset(), reader.nextOffset())
    guard let start = reader.nextCount(), let limit = reader.nextCount(), first <= end,
      start <= limit
    else { return nil }
    self.init(segmentBaseOffset: base, offsets: first..<end, positions: start..<limit)
  }
}
