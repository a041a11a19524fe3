/// The limits that the format itself sets. What a configuration may set lies elsewhere.
public enum FormatLimits {
  /// Bytes of a batch before its records.
  public static let batchHeaderByteCount = 61

  /// Bytes of a batch before what its length field counts: the base offset and that field.
  public static let batchPrefixByteCount = 12

  /// The largest batch: its length is a signed 32-bit number, and so is a position in a segment.
  public static let maximumBatchByteCount = Int(Int32.max)

  /// The most bytes of records that a batch has room for.
  public static let maximumRecordsByteCount = maximumBatchByteCount - batchHeaderByteCount

  /// The most records in a batch: their count is a signed 32-bit number.
  public static let maximumRecordCount = Int(Int32.max)

  /// Bytes that a record takes at the most beside its key, value and headers: length 5,
  /// attributes 1, timestamp delta 10, offset delta 5.
  public static let maximumRecordOverhead = 21

  /// Bytes that a record takes at the least: its length, attributes, two distances, two lengths of
  /// -1 and no headers.
  public static let minimumRecordByteCount = 7

  /// The most digits that a 64-bit offset has in a file name, zeros in front.
  public static let offsetDigitCount = 20

  /// The longest topic name.
  public static let maximumTopicNameLength = 249

  /// The longest name of a file or directory.
  public static let maximumFileNameLength = 255

  /// The longest line of a checkpoint or of a partition's metadata: thrice that of the longest topic
  /// with a partition and an offset.
  public static let maximumLineByteCount = 1024

  /// The most producers in a snapshot: their count is a signed 32-bit number.
  public static let maximumSnapshotEntryCount = Int(Int32.max)
}
