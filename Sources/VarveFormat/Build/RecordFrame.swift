/// The numbers around a record's key, value and headers, and how many bytes it takes in all: what
/// must be known before the first byte of a record can be written, because that is its length.
struct RecordFrame {
  let timestampDelta: Int64
  let offsetDelta: Int32
  /// -1 for null.
  let keyCount: Int
  /// -1 for null.
  let valueCount: Int
  let headerCount: Int
  /// Bytes of the headers, without their count.
  let headersByteCount: Int
  /// What the record's length says.
  let bodyByteCount: Int

  init(
    timestampDelta: Int64, offsetDelta: Int32, keyCount: Int, valueCount: Int, headerCount: Int,
    headersByteCount: Int
  ) {
    self.timestampDelta = timestampDelta
    self.offsetDelta = offsetDelta
    self.keyCount = keyCount
    self.valueCount = valueCount
    self.headerCount = headerCount
    self.headersByteCount = headersByteCount
    let numbers =
      Varint.byteCount(of: timestampDelta) &+ Varint.byteCount(of: Int64(offsetDelta))
      &+ Varint.byteCount(of: Int64(keyCount)) &+ Varint.byteCount(of: Int64(valueCount))
      &+ Varint.byteCount(of: Int64(headerCount))
    bodyByteCount = 1 &+ numbers &+ max(keyCount, 0) &+ max(valueCount, 0) &+ headersByteCount
  }

  /// Bytes of the whole record.
  var byteCount: Int { Varint.byteCount(of: Int64(bodyByteCount)) &+ bodyByteCount }
}

extension RecordFrame {
  /// Writes everything but the headers themselves, and returns where those go.
  ///
  /// `byteCount` bytes must be there, and key and value be as long as the frame says.
  @inline(__always)
  func store(
    key: RawSpan?, value: RawSpan?, to memory: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    // SAFETY: the frame counted every byte that is written here, and its caller made room.
    var place = unsafe memory.storeVarint(Int64(bodyByteCount))
    unsafe place.storeBytes(of: 0, as: UInt8.self)  // the record's attributes: none so far
    unsafe place = (place + 1).storeVarint(timestampDelta)
    unsafe place = place.storeVarint(Int64(offsetDelta))
    unsafe place = place.storeField(key)
    unsafe place = place.storeField(value)
    return unsafe place.storeVarint(Int64(headerCount))
  }
}

extension UnsafeMutableRawPointer {
  /// Writes a length, -1 for null, and the bytes that it counts; returns the place behind them.
  @inline(__always)
  func storeField(_ bytes: RawSpan?) -> UnsafeMutableRawPointer {
    guard let bytes else { return unsafe storeVarint(-1) }
    let place = unsafe storeVarint(Int64(bytes.byteCount))
    unsafe place.storeBytes(of: bytes)
    return unsafe place + bytes.byteCount
  }

  /// Copies bytes here.
  @inline(__always)
  func storeBytes(of bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe copyMemory(from: start, byteCount: source.count)
    }
  }
}
