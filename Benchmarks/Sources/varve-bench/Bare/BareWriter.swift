import CBareLog

/// A write(2) for each batch.
final class BareWriter {
  private let writer: OpaquePointer

  init(in directory: String, segmentByteCount: Int) throws {
    var writer: OpaquePointer?
    try BareError.check(bare_writer_open(&writer, directory, UInt64(segmentByteCount)))
    self.writer = writer!
  }

  deinit { bare_writer_close(writer) }

  func write(_ batch: StoredBatch, summing: Bool, times: Int = 1) throws {
    try BareError.check(
      bare_writer_write(
        writer, batch.bytes.baseAddress, batch.bytes.count, summing, UInt64(times)))
  }
}
