/// The headers of a record that is being written: a caller's values, or the bytes of another
/// record's headers, which can be copied as they are because nothing in them depends on place.
protocol HeaderSource: ~Escapable {
  var headerCount: Int { get }
  /// Bytes of the headers as they are encoded, without their count.
  var encodedByteCount: Int { get }
  /// Writes the headers; `encodedByteCount` bytes must be there.
  func store(to memory: UnsafeMutableRawPointer)
}

extension RecordHeadersView: HeaderSource {
  var headerCount: Int { count }
  var encodedByteCount: Int { encoded.byteCount }

  func store(to memory: UnsafeMutableRawPointer) {
    // SAFETY: as many bytes as `encodedByteCount` promised.
    unsafe memory.storeBytes(of: encoded)
  }
}

extension Array: HeaderSource where Element == RecordHeader {
  var headerCount: Int { count }

  var encodedByteCount: Int {
    var total = 0
    for header in self {
      let keyCount = header.key.utf8.count
      total += Varint.byteCount(of: Int64(keyCount)) + keyCount
      let valueCount = header.value?.count ?? -1
      total += Varint.byteCount(of: Int64(valueCount)) + Swift.max(valueCount, 0)
    }
    return total
  }

  func store(to memory: UnsafeMutableRawPointer) {
    // SAFETY: `encodedByteCount` counted the same bytes in the same way.
    var place = unsafe memory
    for header in self {
      unsafe place = place.storeField(header.key.utf8.span.bytes)
      if let value = header.value {
        unsafe place = place.storeField(value.span.bytes)
      } else {
        unsafe place = place.storeField(nil)
      }
    }
  }
}

/// No headers at all: what the fast path writes.
struct NoHeaders: HeaderSource {
  var headerCount: Int { 0 }
  var encodedByteCount: Int { 0 }
  func store(to memory: UnsafeMutableRawPointer) {}
}
