/// The value of records: bytes that differ, of which the first eight are the record's offset.
package final class Payload {
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Parameter byteCount: Of each record's value, at least 8.
  package init(byteCount: Int) {
    precondition(byteCount >= 8)
    buffer = .allocate(byteCount: byteCount, alignment: 64)
    for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 31) }
  }

  deinit { buffer.deallocate() }

  package var byteCount: Int { buffer.count }

  /// The value of the record with that offset, until the next one is asked for.
  @inline(__always)
  package func value(of offset: Int) -> UnsafeRawBufferPointer {
    buffer.storeBytes(of: offset, as: Int.self)
    return UnsafeRawBufferPointer(buffer)
  }
}
