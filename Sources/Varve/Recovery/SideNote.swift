/// How far a log was on the device at some time: written beside each sync of the log, and not synced
/// itself. Where it is found it is true, and where it is not, the record that was synced is older.
struct SideNote: Hashable, Sendable {
  var durable: DurableMark
  /// Of the record that it adds to. What it says of an earlier one may hold no longer: somebody else
  /// may have cut the log in between.
  var generation: Int64

  static let byteCount = 64
  private static let magic: UInt32 = 0x5661_534e  // VaSN

  func encoded() -> [UInt8] {
    var writer = FieldWriter()
    durable.write(to: &writer)
    writer.append(generation)
    return writer.sealed(Self.magic, byteCount: Self.byteCount)
  }

  static func parse(_ bytes: RawSpan) -> SideNote? {
    guard bytes.byteCount == byteCount, var reader = FieldReader(sealed: bytes, magic),
      let durable = DurableMark(&reader)
    else { return nil }
    return SideNote(durable: durable, generation: reader.next())
  }
}

extension DurableMark {
  func write(to writer: inout FieldWriter) {
    for number in [offset.rawValue, segmentBase.rawValue, Int64(position)] { writer.append(number) }
  }

  init?(_ reader: inout FieldReader) {
    offset = reader.nextOffset()
    segmentBase = reader.nextOffset()
    guard let position = reader.nextCount() else { return nil }
    self.position = position
  }
}
