internal import CBenchProbes
internal import Glibc

/// Has a benchmark run once more in a process whose system calls are counted, every one.
struct SystemCallTracer: Sendable {
  /// A program that understands `--traced`: this one, unless a test says otherwise.
  var program = "/proc/self/exe"
  /// After which the traced process is killed.
  var seconds: UInt32 = 20
  /// Where it is told to put its files.
  var directory: String?

  /// Throws where tracing isn't allowed. The count is then unknown, and not zero.
  func trace(
    _ benchmark: String, iterations: Int
  ) throws(TraceError) -> SystemCallTrace {
    let words =
      ["varve-bench", TracedRun.option, benchmark, String(iterations)]
      + (directory.map { ["--directory", $0] } ?? [])
    let arguments = words.map { word in strdup(word) } + [nil]
    defer { arguments.forEach { free($0) } }
    // Too large for the stack of some threads, and it's filled by pointer anyway.
    let trace = UnsafeMutablePointer<varve_bench_trace>.allocate(capacity: 1)
    defer { trace.deallocate() }
    let result = varve_bench_trace_run(program, arguments, seconds, trace)
    guard result == 0 else { throw TraceError(errno: -result) }
    return SystemCallTrace(trace.pointee, iterations: iterations)
  }
}

extension SystemCallTrace {
  fileprivate init(_ trace: varve_bench_trace, iterations: Int) {
    let totals = withUnsafeBytes(of: trace.by_number) { Array($0.bindMemory(to: UInt64.self)) }
    let made = totals.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }
    self.init(
      iterations: iterations, total: trace.total,
      totalByNumber: Dictionary(uniqueKeysWithValues: made))
  }
}
