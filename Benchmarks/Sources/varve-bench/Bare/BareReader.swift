import CBareLog

/// Reads segments whose batches all have the same size, whoever wrote them.
final class BareReader {
  private let reader: OpaquePointer

  init(of directory: String, batchByteCount: Int, batchCount: Int) throws {
    var reader: OpaquePointer?
    try BareError.check(
      bare_reader_open(&reader, directory, batchByteCount, UInt64(batchCount)))
    self.reader = reader!
  }

  deinit { bare_reader_close(reader) }

  /// Reads so many batches in order, each with its checksum, and begins anew after the last.
  func scan(_ batches: Int) throws {
    try BareError.check(bare_reader_scan(reader, UInt64(batches)))
  }

  /// Reads so many batches at random.
  func lookUp(_ batches: Int) throws {
    try BareError.check(bare_reader_look_up(reader, UInt64(batches)))
  }
}
