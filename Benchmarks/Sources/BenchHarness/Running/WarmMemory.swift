internal import CBenchProbes

/// Memory that a sample will use by way of the page cache, touched beforehand.
///
/// A hypervisor may take back what is free, within a second or two, and to touch it then costs twenty
/// times as much. So it is not enough to touch memory once before a sample of several seconds, and
/// whoever begins a moment later than another finds less of it warm. This holds it, and gives back at
/// a time what the page cache has taken since.
public final class WarmMemory {
  private let warmth: OpaquePointer?

  /// - Parameter byteCount: At least what the sample will use. Without so much memory, this does
  ///   nothing.
  public init(byteCount: Int) { warmth = varve_bench_warm(byteCount) }

  deinit { varve_bench_cool(warmth) }
}
