internal import CVarveSystem

// SAFETY: `base` and `mappedByteCount` are those of memory that this value alone gives back, in deinit.
/// A part of one of the kernel's files as memory to read from. What happens to the file happens to it,
/// and a page that cannot be had raises SIGBUS in whoever loads from it.
@safe
package struct FileView: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let mappedByteCount: Int
  /// Where the bytes begin that were asked for: the kernel maps whole pages.
  private let start: Int
  private let byteCount: Int

  package init(
    of file: OpenFile, at position: Int, byteCount: Int
  ) throws(SystemError) {
    let start = position % MemoryPage.byteCount
    // Before anything is set: a value that is half there is nobody's to give back.
    unsafe base = try Self.map(file, at: position - start, byteCount: start + byteCount)
    self.start = start
    self.byteCount = byteCount
    mappedByteCount = start + byteCount
  }

  private static func map(
    _ file: OpenFile, at position: Int, byteCount: Int
  ) throws(SystemError) -> UnsafeMutableRawPointer {
    guard file.fileSystem.hasKernelDescriptors else { throw SystemError(.map, .notSupported) }
    var memory: UnsafeMutableRawPointer?
    _ = try SystemCall.map.perform {
      unsafe varve_map_to_read(file.descriptor.rawValue, Int64(position), byteCount, &memory)
    }
    return unsafe memory.unsafelyUnwrapped
  }

  deinit { _ = unsafe varve_unmap(base, mappedByteCount) }

  /// Calls `body` with the bytes that were asked for, which are there until it returns.
  @unsafe
  package borrowing func withBytes<Result, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base + start, count: byteCount))
  }
}
