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
    guard file.fileSystem.hasKernelDescriptors else { throw SystemError(.map, .notSupported) }
    start = position % MemoryPage.byteCount
    self.byteCount = byteCount
    mappedByteCount = start + byteCount
    let (from, count) = (position - start, mappedByteCount)
    var memory: UnsafeMutableRawPointer?
    _ = try SystemCall.map.perform {
      unsafe varve_map_to_read(file.descriptor.rawValue, Int64(from), count, &memory)
    }
    unsafe base = memory.unsafelyUnwrapped
  }

  deinit { _ = unsafe varve_unmap(base, mappedByteCount) }

  /// The bytes that were asked for. They are to be looked at only while the view is there.
  @unsafe
  package var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: base + start, count: byteCount)
  }
}
