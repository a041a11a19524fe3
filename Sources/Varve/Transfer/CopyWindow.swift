internal import VarveSystem

/// Bytes of a file on their way through this process: what was read, and how much of it is still to
/// be sent.
struct CopyWindow: ~Copyable {
  private let storage = ByteStorage(capacity: LogLimits.copyByteCount)
  private var rest = 0..<0

  var isEmpty: Bool { rest.isEmpty }

  /// Reads bytes in place of those that have been sent; returns false at the end of the file.
  mutating func fill(
    from file: OpenFile, at position: Int, count: Int
  ) throws(SystemError) -> Bool {
    let wanted = min(count, storage.capacity)
    // SAFETY: nobody else has the storage, and it has room for so many.
    let memory = unsafe UnsafeMutableRawBufferPointer(start: storage.base, count: wanted)
    rest = 0..<(try unsafe file.read(into: memory, at: position))
    return !rest.isEmpty
  }

  /// Sends some of the bytes, and returns how many; nil where the descriptor takes none now.
  mutating func send(
    to descriptor: HostDescriptor, limit: Int
  ) throws(SystemError) -> Int? {
    // SAFETY: these bytes have been read.
    let memory = unsafe UnsafeRawBufferPointer(
      start: storage.base + rest.lowerBound, count: min(limit, rest.count))
    guard let count = try unsafe descriptor.send(memory) else { return nil }
    rest = rest.lowerBound + count..<rest.upperBound
    return count
  }
}
