// SAFETY: `base` is allocated here with `capacity` bytes, freed in deinit alone, and only reached
// by code that says so with `unsafe`.
/// Memory for the bytes of a batch: one allocation, given back with the last reference.
///
/// Whoever fills it is its only owner; once shared, nobody writes to it any more.
@safe
package final class ByteStorage {
  /// Where the bytes begin.
  package let base: UnsafeMutableRawPointer
  /// How many there are room for.
  package let capacity: Int

  package init(capacity: Int) {
    self.capacity = capacity
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  package var memory: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base, count: capacity)
  }

  /// A copy of the first `count` bytes, with room for `capacity`.
  package func copy(count: Int, capacity: Int) -> ByteStorage {
    let copy = ByteStorage(capacity: capacity)
    // SAFETY: both are at least `count` long, by their callers' bookkeeping.
    unsafe copy.base.copyMemory(from: base, byteCount: count)
    return copy
  }
}
