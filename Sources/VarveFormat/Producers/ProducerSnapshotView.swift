/// A snapshot of what a log knows of its producers, `<end offset>.snapshot`, where it lies.
///
/// The number in its name is the first offset that it knows nothing of. Kafka removes a snapshot that
/// it cannot read and takes the one before; so may whoever gets an error here, unless it is
/// ``LogError/Code/unsupported``, which a later version wrote.
public struct ProducerSnapshotView: ~Escapable {
  private let entries: RawSpan

  /// How many producers there are.
  public let count: Int

  /// The bytes of a snapshot, once its frame has been found right: version, checksum and count.
  ///
  /// Kafka takes bytes behind the last entry, if the checksum covers them; nobody writes them, and
  /// here they are refused.
  @_lifetime(copy bytes)
  public init(validating bytes: RawSpan) throws(LogError) {
    guard bytes.byteCount >= ProducerSnapshot.headerByteCount else {
      throw .breach(
        .snapshotIsComplete, atByte: bytes.byteCount, "there are \(bytes.byteCount) bytes in all")
    }
    typealias Field = ProducerSnapshot.Field
    let version: Int16 = bytes.bigEndian(at: Field.version)
    guard version == ProducerSnapshot.version else {
      throw .breach(.fileVersion, atByte: Field.version, "a snapshot says \(version)")
    }
    let checksum: UInt32 = bytes.bigEndian(at: Field.checksum)
    let actual = CRC32C.checksum(
      of: bytes.slice(Field.count, count: bytes.byteCount - Field.count))
    guard checksum == actual else {
      throw .breach(
        .snapshotChecksum, atByte: Field.checksum,
        "the header says \(checksum), the bytes say \(actual)")
    }
    let entries = bytes.slice(
      ProducerSnapshot.headerByteCount,
      count: bytes.byteCount - ProducerSnapshot.headerByteCount)
    let count = Int(bytes.bigEndian(at: Field.count, as: Int32.self))
    guard count >= 0, count <= entries.byteCount / ProducerSnapshotEntry.byteCount else {
      throw .breach(
        .snapshotIsComplete, atByte: Field.count,
        "\(count) entries are promised, \(entries.byteCount) bytes are there")
    }
    let end = count * ProducerSnapshotEntry.byteCount
    guard end == entries.byteCount else {
      throw .breach(
        .snapshotIsFilled, atByte: ProducerSnapshot.headerByteCount + end,
        "\(entries.byteCount - end) bytes follow")
    }
    self.entries = entries
    self.count = count
  }

  /// The entry at `index`, counted from 0.
  public subscript(index: Int) -> ProducerSnapshotEntry {
    ProducerSnapshotEntry(parsing: entries, at: index * ProducerSnapshotEntry.byteCount)
  }
}
