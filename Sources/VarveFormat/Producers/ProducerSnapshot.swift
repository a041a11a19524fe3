/// What a log knows of all its producers at some offset.
public struct ProducerSnapshot: Hashable, Sendable {
  /// One entry a producer.
  public var entries: [ProducerSnapshotEntry]

  /// A snapshot.
  public init(_ entries: [ProducerSnapshotEntry] = []) { self.entries = entries }
}

extension ProducerSnapshot {
  /// The one version that there is.
  static let version: Int16 = 1

  enum Field {
    static let version = 0
    static let checksum = 2
    static let count = 6
  }

  static let headerByteCount = 10

  /// Reads a snapshot.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and the byte, ``LogError/Code/unsupported``
  ///   for a version that is not known.
  public init(parsing bytes: RawSpan) throws(LogError) {
    let view = try ProducerSnapshotView(validating: bytes)
    entries = []
    entries.reserveCapacity(view.count)
    for index in 0..<view.count { entries.append(view[index]) }
  }

  /// The snapshot's bytes, as Kafka writes them.
  public var encoded: [UInt8] { Self.encoded(entries) }

  /// The bytes of a snapshot of some producers, of ``FormatLimits/maximumSnapshotEntryCount`` at the
  /// most.
  public static func encoded(_ entries: some Collection<ProducerSnapshotEntry>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerByteCount + entries.count * ProducerSnapshotEntry.byteCount)
    bytes.append(bigEndian: version)
    bytes.append(bigEndian: 0 as UInt32)
    bytes.append(bigEndian: Int32(truncatingIfNeeded: entries.count))
    for entry in entries { entry.append(to: &bytes) }
    bytes.sealSnapshot()
    return bytes
  }
}

extension [UInt8] {
  /// Puts the checksum of all that follows it into its place.
  fileprivate mutating func sealSnapshot() {
    let start = ProducerSnapshot.Field.count
    let checksum = CRC32C.checksum(of: unsafe span.bytes.slice(start, count: count - start))
    for index in 0..<4 {
      self[ProducerSnapshot.Field.checksum + index] = UInt8(
        truncatingIfNeeded: checksum >> UInt32(24 - 8 * index))
    }
  }
}
