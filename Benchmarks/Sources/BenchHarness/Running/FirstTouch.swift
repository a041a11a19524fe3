internal import CBenchProbes

/// A page that is touched for the first time costs more than most operations do, and on a
/// virtual machine it costs again below. That is not to be found in the first sample.
enum FirstTouch {
  private static let mostBytes = 256.0 * 1024 * 1024

  /// Touches and frees as much memory as so many iterations allocate.
  static func pay(for workload: Workload, iterations: Int) throws {
    // Otherwise the sample that comes first for practice is as long as all others.
    guard case .timed = workload.extent else { return }
    let observed = min(iterations, 100)
    let counts = try OperationCounts.counting(observed, of: workload)
    let bytes = (counts[.allocatedBytes] ?? 0) * Double(iterations)
    if bytes > 0 { varve_bench_touch(Int(min(bytes, mostBytes))) }
  }
}
