internal import CVarveSystem

// SAFETY: as for `Mapping`.
/// Memory that begins as zeros and takes no space until it is touched: room for what may grow
/// without moving, so that readers need no lock.
@safe
package final class AnonymousMemory: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) throws(SystemError) {
    self.byteCount = byteCount
    var memory: UnsafeMutableRawPointer?
    _ = try SystemCall.map.perform { unsafe varve_map_anonymous(byteCount, &memory) }
    unsafe base = memory.unsafelyUnwrapped
  }

  deinit { _ = unsafe varve_unmap(base, byteCount) }
}

package enum MemoryPage {
  /// Bytes of a page of memory.
  package static let byteCount = varve_page_size()
}
