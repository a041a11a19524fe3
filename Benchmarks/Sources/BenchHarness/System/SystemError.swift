internal import Glibc

/// A system call that failed, and what it was for.
struct SystemError: Error, CustomStringConvertible {
  let action: String
  let code: Int32

  init(_ action: String, code: Int32 = errno) {
    self.action = action
    self.code = code
  }

  var description: String {
    "\(action): \(String(cString: strerror(code)))"
  }
}
