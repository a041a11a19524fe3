internal import Glibc

/// What went wrong with a process.
struct ProcessError: Error, CustomStringConvertible {
  let description: String

  init(_ action: String, code: Int32 = errno) {
    description = "\(action): \(String(cString: strerror(code)))"
  }
}
