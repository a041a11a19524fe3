internal import CBenchProbes

/// A page that is touched for the first time costs more than most operations do, and on a
/// virtual machine it costs again below. That is not to be found in the first sample.
enum MemoryWarmth {
  private static let mostBytes = 256.0 * 1024 * 1024

  /// Touches and frees as much memory as so many iterations allocate.
  static func touch(for workload: Workload, iterations: Int) throws {
    let observed = min(iterations, 100)
    try workload.beforeSample(observed)
    let counts = try OperationCounts.counting(observed, of: workload.loop)
    let bytes = (counts[.allocatedBytes] ?? 0) * Double(iterations)
    if bytes > 0 { varve_bench_touch(Int(min(bytes, mostBytes))) }
  }
}
