internal import CBenchProbes

/// The least that any code can do for a number of bytes, to be held against what ours does.
public enum PhysicalLimit {
  /// Copies all bytes to a buffer that is at least as long.
  public static func copy(
    _ source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer
  ) {
    precondition(source.count <= destination.count)
    varve_bench_copy(destination.baseAddress, source.baseAddress, source.count)
  }

  /// Reads all bytes and adds them up, in words.
  @discardableResult
  public static func sum(_ source: UnsafeRawBufferPointer) -> UInt64 {
    varve_bench_sum(source.baseAddress, source.count)
  }

  /// Enters the kernel for nothing and comes back.
  public static func enterKernel() {
    varve_bench_enter_kernel()
  }
}
