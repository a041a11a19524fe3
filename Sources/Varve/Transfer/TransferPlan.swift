internal import VarveSystem

/// By which way bytes go from a segment's file to a descriptor: a function of facts.
///
/// What there is, in the order in which it is tried: `sendfile`, which copies no byte in this
/// process, and a copy through a buffer, which works wherever there is a file to read.
struct TransferPlan: Hashable, Sendable {
  enum Rung: Hashable, Sendable {
    case sendfile
    case copy
  }

  /// What is known of the way.
  struct Facts: Hashable, Sendable {
    var target: HostDescriptor.Facts
    /// Whether the segment's file is one of the kernel's.
    var hasKernelDescriptors: Bool
  }

  var rung: Rung
  /// Whether another rung may take over from one that the kernel refuses.
  var mayFall: Bool

  /// - Throws: ``LogError/Code/unsupported`` where what is pinned cannot work.
  static func choose(
    _ transport: ZeroCopyReader.Transport, _ facts: Facts
  ) throws(LogError) -> TransferPlan {
    switch transport {
    case .copy:
      return TransferPlan(rung: .copy, mayFall: false)
    case .sendfile:
      guard facts.hasKernelDescriptors else {
        throw LogError(
          .unsupported, "sendfile is for files of the kernel's, and this one is simulated")
      }
      return TransferPlan(rung: .sendfile, mayFall: false)
    case .automatic:
      // The kernel does not send to files that it must look for the end of.
      let works = facts.hasKernelDescriptors && !facts.target.isAppending
      return TransferPlan(rung: works ? .sendfile : .copy, mayFall: works)
    }
  }

  /// The plan to go on with after a call that failed; nil if the failure stands.
  ///
  /// - Parameter sentByteCount: What went this way before: a rung that has worked works, and what
  ///   fails then is something else.
  func fallingBack(after errno: Errno, sentByteCount: Int) -> TransferPlan? {
    guard mayFall, rung == .sendfile, sentByteCount == 0 else { return nil }
    switch errno {
    case .invalid, .notImplemented, .notSupported: return TransferPlan(rung: .copy, mayFall: false)
    default: return nil
    }
  }
}
