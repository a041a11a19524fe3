internal import VarveSystem

/// Buffers for short reads, so that a look-up allocates none.
final class BufferPool: Sendable {
  private let free = Lock<[ByteStorage]>([])

  /// A buffer with room for at least so many bytes, the caller's alone until it gives it back.
  func take(_ byteCount: Int) -> ByteStorage {
    let found = free.withLock { $0.popLast() }
    if let found, found.capacity >= byteCount { return found }
    return ByteStorage(capacity: max(byteCount, LogLimits.lookupByteCount))
  }

  func giveBack(_ buffer: ByteStorage) {
    guard buffer.capacity <= LogLimits.readByteCount else { return }
    free.withLock { buffers in
      if buffers.count < LogLimits.pooledBufferCount { buffers.append(buffer) }
    }
  }
}
