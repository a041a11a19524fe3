internal import CVarveSystem

/// Whether this build and this kernel let Varve move bytes by io_uring.
///
/// The ring only ever makes things faster. Where it is absent or refused, every transfer takes
/// another way and passes the same tests.
public enum RingSupport: Sendable, Hashable {
  /// The kernel set a ring up.
  case available
  /// The package was built with its `IOUring` trait off.
  case absentByTrait
  /// The trait is on, but `liburing.h` was not there when the package was built.
  case absentByBuild
  /// The kernel, or the container around this process, refused: often `EPERM` or `ENOSYS`.
  case refused(errno: Int32)

  /// Asks the kernel for the smallest ring and gives it back.
  ///
  /// A few system calls; nothing is kept, so a host may ask again after it changed its limits.
  public static func probe() -> RingSupport {
    let result = varve_ring_probe()
    return result < 0 ? without(Errno(rawValue: -result)) : .available
  }

  /// What it means that no ring could be set up.
  package static func without(_ errno: Errno) -> RingSupport {
    switch Int(varve_ring_build()) {
    case VARVE_RING_TRAIT_OFF: .absentByTrait
    case VARVE_RING_HEADER_MISSING: .absentByBuild
    default: .refused(errno: errno.rawValue)
    }
  }
}
