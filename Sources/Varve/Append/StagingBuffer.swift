// SAFETY: `memory` has `capacity` bytes, and nobody but this struct gives it back.
/// Room for one batch on its way to a file. Grows with the largest.
@safe
struct StagingBuffer: ~Copyable, Sendable {
  // SAFETY: its one owner reaches it under the append lock.
  private nonisolated(unsafe) var memory: UnsafeMutableRawPointer?
  private var capacity = 0

  init() {}

  deinit { unsafe memory?.deallocate() }

  /// The memory, for so many bytes.
  mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount > capacity {
      unsafe memory?.deallocate()
      capacity = max(byteCount, LogLimits.stagingByteCount, capacity * 2)
      unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    }
    return unsafe memory.unsafelyUnwrapped
  }
}
