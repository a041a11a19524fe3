import CBareLog

/// Mapped segments that batches are copied into, and nothing else.
final class BareAppender {
  private let appender: OpaquePointer

  /// - Parameters:
  ///   - directory: Where the segments are created, and stay.
  ///   - segmentByteCount: The size of each.
  ///   - aheadByteCount: How much a second thread gets ready ahead of what is appended. With 0 the
  ///     first segment is made ready as a whole, and there is no other.
  init(in directory: String, segmentByteCount: Int, aheadByteCount: Int) throws {
    var appender: OpaquePointer?
    try BareError.check(
      bare_appender_open(&appender, directory, UInt64(segmentByteCount), UInt64(aheadByteCount)))
    self.appender = appender!
  }

  deinit { bare_appender_close(appender) }

  func append(_ batch: StoredBatch, summing: Bool, times: Int = 1) throws {
    try BareError.check(
      bare_appender_append(
        appender, batch.bytes.baseAddress, batch.bytes.count, summing, UInt64(times)))
  }
}
