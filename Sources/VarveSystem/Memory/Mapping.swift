// SAFETY: `base` and `byteCount` are those of memory that this object alone gives back, in deinit.
// The memory may be stored to and loaded from by any thread; who does what where is for the owner
// of the object to say.
/// Memory that shows a file. It has one owner, and is given back with it.
@safe
package final class Mapping: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  private let fileSystem: any FileSystem

  /// Takes memory that `fileSystem` has mapped.
  package init(_ memory: UnsafeMutableRawBufferPointer, of fileSystem: any FileSystem) {
    unsafe base = memory.baseAddress.unsafelyUnwrapped
    byteCount = memory.count
    self.fileSystem = fileSystem
  }

  deinit {
    unsafe fileSystem.unmap(UnsafeMutableRawBufferPointer(start: base, count: byteCount))
  }

  package func populate(_ range: Range<Int>) throws(SystemError) {
    try fileSystem.populate(self, range)
  }
}
