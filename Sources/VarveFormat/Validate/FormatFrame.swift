/// What messages and batches of all formats begin with: where the next one begins, and of which format
/// they are.
package struct FormatFrame: Hashable, Sendable {
  /// The offset of a batch's first record, or of a message's last one.
  package let offset: Offset
  /// All bytes, these included.
  package let byteCount: Int
  /// The version of the format.
  package let magic: Int8
  /// The checksum, where it is that of a message of before format version 2.
  package let messageChecksum: UInt32

  /// Bytes of the fields.
  package static let fieldByteCount = BatchHeader.prefixWithMagic
  /// The first byte that the checksum of a message of before format version 2 covers.
  package static let messageChecksummedFrom = LegacyMessageView.Field.magic

  /// Reads the first bytes of a message or a batch; nil where they are too few, or say that there are
  /// fewer than there can be.
  package init?(parsing bytes: RawSpan) {
    guard bytes.byteCount >= Self.fieldByteCount else { return nil }
    let length = Int(bytes.bigEndian(at: BatchHeader.Field.batchLength, as: Int32.self))
    magic = bytes.bigEndian(at: BatchHeader.Field.magic)
    let least = LegacyFormat(rawValue: magic)?.overhead ?? BatchHeader.minimumBatchLength
    guard length >= least else { return nil }
    offset = Offset(rawValue: bytes.bigEndian(at: BatchHeader.Field.baseOffset))
    byteCount = length + FormatLimits.batchPrefixByteCount
    messageChecksum = bytes.bigEndian(at: LegacyMessageView.Field.checksum)
  }

  /// Whether it is of before format version 2.
  package var isLegacy: Bool { LegacyFormat(rawValue: magic) != nil }

  /// Whether it is of a version that is not known.
  package var isLater: Bool { magic > BatchHeader.magic }
}
