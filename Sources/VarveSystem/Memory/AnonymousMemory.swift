internal import CVarveSystem

// SAFETY: as for `Mapping`.
/// Memory that begins as zeros and takes no space until it is touched: room for what may grow
/// without moving, so that readers need no lock.
@safe
package final class AnonymousMemory: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// - Parameter isScattered: Whether bytes all over it are touched in no order, and soon: then it comes
  ///   in large pages, where the kernel has them, so that each touch does not first ask where its page is.
  package init(byteCount: Int, isScattered: Bool = false) throws(SystemError) {
    self.byteCount = byteCount
    var memory: UnsafeMutableRawPointer?
    _ = try SystemCall.map.perform { unsafe varve_map_anonymous(byteCount, &memory) }
    unsafe base = memory.unsafelyUnwrapped
    if isScattered { unsafe varve_prefer_large_pages(base, byteCount) }
  }

  /// Has the processor bring bytes that are asked for soon.
  @inline(__always)
  package func prepare(_ position: Int, count: Int) {
    precondition(position >= 0 && count > 0 && position <= byteCount - count)
    unsafe varve_prefetch(base + position, count)
  }

  deinit { _ = unsafe varve_unmap(base, byteCount) }
}

package enum MemoryPage {
  /// Bytes of a page of memory.
  package static let byteCount = varve_page_size()
}
