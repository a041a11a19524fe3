import Glibc

/// A function of the bare log that returned -errno.
struct BareError: Error, CustomStringConvertible {
  let code: Int32

  var description: String { "the bare log: \(String(cString: strerror(code)))" }

  static func check(_ result: Int32) throws {
    if result < 0 { throw BareError(code: -result) }
  }
}
