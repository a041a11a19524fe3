import Glibc

/// Where a child's reports go.
struct ReportPipe: Sendable {
  /// The first one behind those that every process has.
  static let usualDescriptor: Int32 = 3

  let descriptor: Int32

  /// Hands a report over, whole, in one write.
  func send(_ report: Report) {
    let bytes = report.triple.bytes
    while true {
      let count = write(descriptor, bytes, bytes.count)
      if count == bytes.count { return }
      // A test that has ended needs no children.
      guard count < 0, errno == EINTR else { Ending.unheard.take("nobody hears \(report)") }
    }
  }
}
