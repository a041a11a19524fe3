internal import CVarveSystem

/// Lets stores into a mapped file fail without killing the process.
///
/// While a thread has armed a range, a fault of its own in that range is repaired by a page of
/// memory that belongs to no file, so that the stores succeed; ``disarm()`` says that it happened,
/// and what was stored must then be written in another way. Every other fault goes where it went
/// before. A thread that blocks SIGBUS is killed by a fault, whatever anyone does.
package enum StoreGuard {
  /// Puts the handler in place, once in a process, in front of the host's own, and says whether it
  /// is there: a host that put its own in front of it has taken it away.
  package static func install() throws(SystemError) -> Bool {
    try SystemCall.guardStores.perform { varve_guard_install() } == 1
  }

  package static var isInstalled: Bool { varve_guard_is_installed() == 1 }

  /// Arms a range for this thread, until ``disarm()``.
  @unsafe
  package static func arm(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe varve_guard_arm(memory, byteCount)
  }

  /// Disarms the range, and returns how many of its pages had to be replaced.
  package static func disarm() -> Int { Int(varve_guard_disarm()) }
}
