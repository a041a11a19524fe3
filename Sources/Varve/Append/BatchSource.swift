/// What is appended: something that can write itself, as one batch, to the place that the log has
/// for it.
protocol BatchSource: ~Copyable, ~Escapable {
  /// Bytes of the batch.
  var byteCount: Int { get }
  /// The last offset's distance from the first.
  var lastOffsetDelta: Int64 { get }
  /// The greatest timestamp, by the records' own times.
  var maxTimestamp: Timestamp { get }

  /// Writes the batch, stamped, to memory that has room for it, and returns its checksum. The header
  /// comes first: whatever of the batch a killed process leaves, recovery then knows how far the rest
  /// would have reached, and looks for nothing in it.
  func store(_ stamp: TailStamp, to memory: UnsafeMutableRawPointer) -> UInt32
}

/// What the log writes into a batch that it takes in.
struct TailStamp {
  var baseOffset: Offset
  var leaderEpoch: LeaderEpoch
  /// The time of all records, if they are to have the log's.
  var appendTime: Timestamp?
}

/// A record without headers, which is encoded in place.
struct SingleRecordSource: ~Copyable, ~Escapable, BatchSource {
  private let batch: SingleRecordBatch
  private let key: RawSpan?
  private let value: RawSpan?
  let maxTimestamp: Timestamp

  @inline(__always)
  @_lifetime(copy key, copy value)
  init(key: RawSpan?, value: RawSpan?, timestamp: Timestamp) throws(LogError) {
    batch = try SingleRecordBatch(keyCount: key?.byteCount, valueCount: value?.byteCount)
    self.key = key
    self.value = value
    maxTimestamp = timestamp
  }

  var byteCount: Int { @inline(__always) get { batch.byteCount } }
  var lastOffsetDelta: Int64 { @inline(__always) get { 0 } }

  @inline(__always)
  func store(_ stamp: TailStamp, to memory: UnsafeMutableRawPointer) -> UInt32 {
    // SAFETY: the caller made room for `byteCount` bytes.
    unsafe batch.store(
      key: key, value: value, timestamp: stamp.appendTime ?? maxTimestamp,
      isAppendTime: stamp.appendTime != nil, baseOffset: stamp.baseOffset,
      leaderEpoch: stamp.leaderEpoch, to: memory)
  }
}

/// A batch that is there already, and is copied and stamped.
struct EncodedSource: ~Copyable, ~Escapable, BatchSource {
  private let bytes: RawSpan
  private let header: BatchHeader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, header: BatchHeader) {
    self.bytes = bytes
    self.header = header
  }

  var byteCount: Int { header.byteCount }
  var lastOffsetDelta: Int64 { Int64(header.lastOffsetDelta) }
  var maxTimestamp: Timestamp { header.maxTimestamp }

  /// Where producers' times count, none of them is a log's, whatever a producer says.
  private var ownTime: BatchStamp.Time {
    header.timestampType == .appendTime ? .create(maximum: header.maxTimestamp) : .keep
  }

  @inline(__always)
  func store(_ stamp: TailStamp, to memory: UnsafeMutableRawPointer) -> UInt32 {
    let headerCount = FormatLimits.batchHeaderByteCount
    let stamp = BatchStamp(
      baseOffset: stamp.baseOffset, leaderEpoch: stamp.leaderEpoch,
      time: stamp.appendTime.map { .append($0) } ?? ownTime)
    // SAFETY: the caller made room for `byteCount` bytes, which is what the span has: a header at the
    // least, and a stamp touches nothing else.
    return unsafe bytes.withUnsafeBytes { source in
      let start = unsafe source.baseAddress.unsafelyUnwrapped
      unsafe memory.copyMemory(from: start, byteCount: headerCount)
      let stamped = unsafe stamp.apply(
        to: UnsafeMutableRawBufferPointer(start: memory, count: byteCount), header: header)
      unsafe (memory + headerCount).copyMemory(
        from: start + headerCount, byteCount: source.count - headerCount)
      return stamped.checksum
    }
  }
}
