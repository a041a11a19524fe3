/// A system call that failed, and how.
package struct SystemError: Error, Hashable, Sendable {
  /// What was called.
  package let call: SystemCall
  /// The error number that it returned.
  package let errno: Errno

  package init(_ call: SystemCall, _ errno: Errno) {
    self.call = call
    self.errno = errno
  }
}

extension SystemCall {
  /// Makes a call of the C layer, which returns ≥ 0 or −errno, again while signals interrupt it.
  @inline(__always)
  package func perform<Result: SignedInteger>(_ body: () -> Result) throws(SystemError) -> Result {
    while true {
      let result = body()
      if result >= 0 { return result }
      let errno = Errno(rawValue: Int32(-result))
      if errno == .interrupted, isRetriedWhenInterrupted { continue }
      throw SystemError(self, errno)
    }
  }
}
