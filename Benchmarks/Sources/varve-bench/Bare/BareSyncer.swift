import CBareLog

/// Writes batches into a file, and syncs it after each group of them.
final class BareSyncer {
  private let syncer: OpaquePointer

  init(in directory: String) throws {
    var syncer: OpaquePointer?
    try BareError.check(bare_syncer_open(&syncer, directory))
    self.syncer = syncer!
  }

  deinit { bare_syncer_close(syncer) }

  /// Returns how long each batch's group took, in nanoseconds.
  func append(_ batch: StoredBatch, group: Int, times: Int) throws -> [UInt64] {
    var nanoseconds = [UInt64](repeating: 0, count: times)
    try BareError.check(
      bare_syncer_append(
        syncer, batch.bytes.baseAddress, batch.bytes.count, UInt64(group), UInt64(times),
        &nanoseconds))
    return nanoseconds
  }
}
