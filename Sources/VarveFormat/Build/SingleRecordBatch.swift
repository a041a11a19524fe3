/// The batch of one record without headers, as a log writes it for a single append.
///
/// The bytes are those that ``RecordBatchWriter`` would write. The way there is shorter: most of
/// the header is known beforehand, and the checksum is taken where the bytes come from and not
/// where they went. What was stored a moment ago in small pieces cannot be loaded in large ones
/// until it has reached the cache, and for a record of 100 bytes that wait is most of the time.
public struct SingleRecordBatch: Sendable {
  /// Bytes of the batch.
  public let byteCount: Int

  private let keyCount: Int
  private let valueCount: Int
  private let bodyByteCount: Int

  /// Measures the batch of a record whose key and value have so many bytes, nil for null.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` if no batch is that large.
  public init(keyCount: Int?, valueCount: Int?) throws(LogError) {
    // Each is bounded before they are added up.
    let sizes = 0...FormatLimits.maximumBatchByteCount
    guard sizes.contains(keyCount ?? 0), sizes.contains(valueCount ?? 0) else {
      throw Self.impossible
    }
    let (keyCount, valueCount) = (keyCount ?? -1, valueCount ?? -1)
    let frame = RecordFrame(
      timestampDelta: 0, offsetDelta: 0, keyCount: keyCount, valueCount: valueCount,
      headerCount: 0, headersByteCount: 0)
    byteCount = FormatLimits.batchHeaderByteCount &+ frame.byteCount
    guard byteCount <= FormatLimits.maximumBatchByteCount else { throw Self.impossible }
    bodyByteCount = frame.bodyByteCount
    self.keyCount = keyCount
    self.valueCount = valueCount
  }

  private static var impossible: LogError {
    LogError(.invalidArgument, "no batch has room for such a record")
  }
}

extension SingleRecordBatch {
  /// Writes the batch of this record to the start of `memory`, and returns how many bytes it takes.
  ///
  /// - Throws: ``LogError/Code/full`` if there is no room, and ``LogError/Code/invalidArgument``.
  public static func write(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp = .none, baseOffset: Offset = 0,
    leaderEpoch: LeaderEpoch = .none, into memory: inout MutableRawSpan
  ) throws(LogError) -> Int {
    let batch = try SingleRecordBatch(keyCount: key?.byteCount, valueCount: value?.byteCount)
    guard memory.byteCount >= batch.byteCount else {
      throw LogError(
        .full, "a batch of \(batch.byteCount) bytes, and room for \(memory.byteCount)")
    }
    guard timestamp.isStorable, baseOffset.rawValue >= 0, baseOffset.rawValue < .max else {
      throw LogError(.invalidArgument, "no record has the offset \(baseOffset) and \(timestamp)")
    }
    // SAFETY: there is room for the batch, and nobody keeps the pointer.
    unsafe memory.withUnsafeMutableBytes { bytes in
      _ = unsafe batch.store(
        key: key, value: value, timestamp: timestamp, baseOffset: baseOffset,
        leaderEpoch: leaderEpoch, to: bytes.baseAddress.unsafelyUnwrapped)
    }
    return batch.byteCount
  }

  /// Writes the batch and returns its checksum.
  ///
  /// - Parameters:
  ///   - key: As long as the batch was measured for.
  ///   - value: Likewise.
  ///   - memory: Room for ``byteCount`` bytes.
  @inline(__always)
  package func store(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp, isAppendTime: Bool = false,
    baseOffset: Offset, leaderEpoch: LeaderEpoch, to memory: UnsafeMutableRawPointer
  ) -> UInt32 {
    // SAFETY: every byte that is written here has been measured, and the caller made room.
    var checksum = unsafe storeHeader(
      timestamp, isAppendTime, baseOffset, leaderEpoch, to: memory)
    let end = unsafe memory + byteCount
    var place = unsafe memory + BatchHeader.Field.records

    var numbers = FreshBytes()
    numbers.append(varint: bodyByteCount)
    numbers.append(0)  // the record's attributes
    numbers.append(0)  // the distance from the base timestamp
    numbers.append(0)  // the distance from the base offset
    numbers.append(varint: keyCount)
    if let key {
      unsafe Self.move(&numbers, to: &place, room: end - place, &checksum)
      unsafe Self.copy(key, to: &place, &checksum)
    }
    numbers.append(varint: valueCount)
    if let value {
      unsafe Self.move(&numbers, to: &place, room: end - place, &checksum)
      unsafe Self.copy(value, to: &place, &checksum)
    }
    numbers.append(0)  // no headers
    unsafe Self.move(&numbers, to: &place, room: end - place, &checksum)
    unsafe memory.storeBigEndian(checksum, at: BatchHeader.Field.checksum)
    return checksum
  }

  /// Writes the header but for its checksum, and returns that of the fields that it covers.
  @inline(__always)
  private func storeHeader(
    _ timestamp: Timestamp, _ isAppendTime: Bool, _ baseOffset: Offset,
    _ leaderEpoch: LeaderEpoch, to memory: UnsafeMutableRawPointer
  ) -> UInt32 {
    typealias Field = BatchHeader.Field
    // SAFETY: all within the 61 bytes of a header.
    unsafe memory.storeBigEndian(baseOffset.rawValue, at: Field.baseOffset)
    unsafe memory.storeBigEndian(
      Int32(truncatingIfNeeded: byteCount &- FormatLimits.batchPrefixByteCount),
      at: Field.batchLength)
    unsafe memory.storeBigEndian(leaderEpoch.rawValue, at: Field.leaderEpoch)
    unsafe memory.storeBigEndian(BatchHeader.magic, at: Field.magic)

    // From the attributes on, big-endian: 2 bytes of them, 4 of the last offset's distance, which
    // is 0, base timestamp and greatest timestamp, 14 bytes that are all ones for want of a
    // producer, and the count of 1. Five words, which the checksum is taken of as they are.
    let attributes = UInt64(isAppendTime ? BatchAttributes.appendTimeFlag : 0)
    let time = UInt64(bitPattern: timestamp.rawValue)
    let fields: InlineArray<5, UInt64> = [
      (attributes << 48 | time >> 48).bigEndian,
      (time << 16 | time >> 48).bigEndian,
      (time << 16 | 0xffff).bigEndian,
      .max,
      (0xffff_ffff_0000_0001 as UInt64).bigEndian,
    ]
    for index in fields.indices {
      unsafe memory.storeBytes(
        of: fields[index], toByteOffset: Field.attributes &+ index &* 8, as: UInt64.self)
    }
    // SAFETY: the buffer stays within the closure.
    return unsafe withUnsafeBytes(of: fields) { unsafe CRC32C.checksum(ofFresh: $0) }
  }

  /// Writes numbers to a place, which moves behind them, takes their checksum, and empties them.
  @inline(__always)
  private static func move(
    _ numbers: inout FreshBytes, to place: inout UnsafeMutableRawPointer, room: Int,
    _ checksum: inout UInt32
  ) {
    checksum = numbers.checksum(continuing: checksum)
    // SAFETY: the caller has measured them.
    unsafe numbers.store(to: place, room: room)
    unsafe place += numbers.count
    numbers = FreshBytes()
  }

  /// Copies bytes to a place, which moves behind them, and takes their checksum at their source.
  @inline(__always)
  private static func copy(
    _ bytes: RawSpan, to place: inout UnsafeMutableRawPointer, _ checksum: inout UInt32
  ) {
    // SAFETY: the caller measured the bytes and made room.
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      checksum = unsafe CRC32C.checksum(of: source, continuing: checksum)
      unsafe place.copyMemory(from: start, byteCount: source.count)
      unsafe place += source.count
    }
  }
}
