/// Something that is counted exactly, in a pass of its own.
public enum Counter: String, Sendable, Hashable, CaseIterable {
  /// Calls that allocate memory, of any thread.
  case allocations
  /// Calls that free memory.
  case frees
  /// The bytes that were asked for.
  case allocatedBytes
  /// Strong retains, including those that the standard library does inside.
  case retains
  /// Strong releases.
  case releases
  /// Run-time checks of exclusive access.
  case accessChecks
  /// Calls into the kernel, of any thread.
  case systemCalls
}
