internal import CRocksDB

/// RocksDB: a write-ahead log and a table in memory, which becomes a sorted file when it is full.
///
/// Keys come in order, so files do not overlap and are never merged: no compaction is wanted.
final class RocksDBStore: Store {
  private let database: OpaquePointer
  private let writing: OpaquePointer
  private let reading: OpaquePointer
  private let batch: OpaquePointer

  init(at path: String, _ settings: StoreSettings) throws {
    let options = Self.options()
    defer { rocksdb_options_destroy(options) }
    var message: UnsafeMutablePointer<CChar>?
    let database = rocksdb_open(options, path, &message)
    try Self.check(message)
    self.database = database!
    writing = rocksdb_writeoptions_create()!
    rocksdb_writeoptions_set_sync(writing, settings.syncsEachBatch ? 1 : 0)
    reading = rocksdb_readoptions_create()!
    batch = rocksdb_writebatch_create()!
  }

  private static func options() -> OpaquePointer {
    let options = rocksdb_options_create()!
    rocksdb_options_set_create_if_missing(options, 1)
    rocksdb_options_set_compression(options, Int32(rocksdb_no_compression))
    rocksdb_options_set_write_buffer_size(options, 128 << 20)
    rocksdb_options_set_max_write_buffer_number(options, 4)
    rocksdb_options_set_disable_auto_compactions(options, 1)
    // Otherwise many files that wait for compaction would slow writers down.
    rocksdb_options_set_level0_slowdown_writes_trigger(options, 1 << 20)
    rocksdb_options_set_level0_stop_writes_trigger(options, 1 << 20)
    rocksdb_options_set_allow_mmap_reads(options, 1)
    // One writes at a time.
    rocksdb_options_set_allow_concurrent_memtable_write(options, 0)
    return options
  }

  var count: Int {
    get throws {
      let iterator = rocksdb_create_iterator(database, reading)
      defer { rocksdb_iter_destroy(iterator) }
      rocksdb_iter_seek_to_last(iterator)
      guard rocksdb_iter_valid(iterator) != 0 else {
        try Self.check(iterator)
        return 0
      }
      var byteCount = 0
      let key = rocksdb_iter_key(iterator, &byteCount)
      return OrderedKey.offset(of: UnsafeRawBufferPointer(start: key, count: byteCount)) + 1
    }
  }

  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws {
    var offset = try count
    for _ in 0..<times {
      rocksdb_writebatch_clear(batch)
      for offset in offset..<offset + recordsInBatch {
        put(payload.value(of: offset), at: offset)
      }
      var message: UnsafeMutablePointer<CChar>?
      rocksdb_write(database, writing, batch, &message)
      try Self.check(message)
      offset += recordsInBatch
    }
  }

  @inline(__always)
  private func put(_ value: UnsafeRawBufferPointer, at offset: Int) {
    let value = value.assumingMemoryBound(to: CChar.self)
    OrderedKey.with(offset) { key in
      let key = key.assumingMemoryBound(to: CChar.self)
      rocksdb_writebatch_put(batch, key.baseAddress, key.count, value.baseAddress, value.count)
    }
  }

  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int {
    let iterator = rocksdb_create_iterator(database, reading)
    defer { rocksdb_iter_destroy(iterator) }
    rocksdb_iter_seek_to_first(iterator)
    var visited = 0
    while visited < limit, rocksdb_iter_valid(iterator) != 0 {
      var byteCount = 0
      let value = rocksdb_iter_value(iterator, &byteCount)
      visit(UnsafeRawBufferPointer(start: value, count: byteCount))
      visited += 1
      rocksdb_iter_next(iterator)
    }
    try Self.check(iterator)
    return visited
  }

  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    var message: UnsafeMutablePointer<CChar>?
    // Where the value is in the mapping or in memory, it is not copied.
    let slice = OrderedKey.with(offset) { key in
      rocksdb_get_pinned(
        database, reading, key.assumingMemoryBound(to: CChar.self).baseAddress, key.count, &message)
    }
    try Self.check(message)
    guard let slice else { return false }
    defer { rocksdb_pinnableslice_destroy(slice) }
    var byteCount = 0
    let value = rocksdb_pinnableslice_value(slice, &byteCount)
    visit(UnsafeRawBufferPointer(start: value, count: byteCount))
    return true
  }

  func close() {
    rocksdb_writebatch_destroy(batch)
    rocksdb_readoptions_destroy(reading)
    rocksdb_writeoptions_destroy(writing)
    rocksdb_close(database)
  }

  private static func check(_ message: UnsafeMutablePointer<CChar>?) throws {
    try StoreError.check(.rocksDB, message) { rocksdb_free($0) }
  }

  /// Why an iterator has ended.
  private static func check(_ iterator: OpaquePointer?) throws {
    var message: UnsafeMutablePointer<CChar>?
    rocksdb_iter_get_error(iterator, &message)
    try check(message)
  }
}
