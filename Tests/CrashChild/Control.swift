import Glibc

/// The pipe by which a child is told to end: by the test, or by the test's own end.
struct Control: Sendable {
  /// The first one behind that for reports.
  static let usualDescriptor: Int32 = 4

  let descriptor: Int32

  /// Returns when the other end is closed.
  func waitForEnd() {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      guard count > 0 || count < 0 && errno == EINTR else { return }
    }
  }
}
