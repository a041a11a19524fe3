/// The system calls of some iterations in a traced process.
struct SystemCallTrace: Sendable, Hashable {
  let iterations: Int
  let total: UInt64
  /// By the number that the kernel knows the call by, without those that weren't made.
  let totalByNumber: [Int: UInt64]

  var perIteration: Double { Double(total) / Double(iterations) }
}
