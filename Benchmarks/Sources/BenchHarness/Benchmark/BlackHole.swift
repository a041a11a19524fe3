public import CBenchProbes

/// Uses a value as far as the compiler can tell, so that what computed it has to be done.
///
/// Costs a store to the stack at most. What a pointer in the value points to counts as read.
@inlinable @inline(__always)
public func blackHole<T: ~Copyable>(_ value: borrowing T) {
  withUnsafePointer(to: value) { varve_bench_consume($0) }
}

/// The same value, of which the compiler no longer knows what it is.
///
/// For an input that would otherwise be folded into the code, or be the same in each turn of a
/// loop and so moved out of it.
@inlinable @inline(__always)
public func opaque<T: BitwiseCopyable>(_ value: T) -> T {
  var copy = value
  withUnsafeMutablePointer(to: &copy) { varve_bench_launder($0) }
  return copy
}
