internal import CLevelDB

/// LevelDB: a write-ahead log and a table in memory, which becomes a sorted file when it is full.
///
/// It cannot be told not to compact, but files that do not overlap are moved and not merged.
final class LevelDBStore: Store {
  private let database: OpaquePointer
  private let writing: OpaquePointer
  private let reading: OpaquePointer
  private let batch: OpaquePointer

  init(at path: String, _ settings: StoreSettings) throws {
    let options = leveldb_options_create()!
    defer { leveldb_options_destroy(options) }
    leveldb_options_set_create_if_missing(options, 1)
    leveldb_options_set_compression(options, Int32(leveldb_no_compression))
    leveldb_options_set_write_buffer_size(options, 128 << 20)
    leveldb_options_set_max_file_size(options, 128 << 20)
    var message: UnsafeMutablePointer<CChar>?
    let database = leveldb_open(options, path, &message)
    try Self.check(message)
    self.database = database!
    writing = leveldb_writeoptions_create()!
    leveldb_writeoptions_set_sync(writing, settings.syncsEachBatch ? 1 : 0)
    reading = leveldb_readoptions_create()!
    leveldb_readoptions_set_verify_checksums(reading, 1)
    batch = leveldb_writebatch_create()!
  }

  var count: Int {
    get throws {
      let iterator = leveldb_create_iterator(database, reading)
      defer { leveldb_iter_destroy(iterator) }
      leveldb_iter_seek_to_last(iterator)
      guard leveldb_iter_valid(iterator) != 0 else {
        try Self.check(iterator)
        return 0
      }
      var byteCount = 0
      let key = leveldb_iter_key(iterator, &byteCount)
      return OrderedKey.offset(of: UnsafeRawBufferPointer(start: key, count: byteCount)) + 1
    }
  }

  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws {
    var offset = try count
    for _ in 0..<times {
      leveldb_writebatch_clear(batch)
      for offset in offset..<offset + recordsInBatch {
        put(payload.value(of: offset), at: offset)
      }
      var message: UnsafeMutablePointer<CChar>?
      leveldb_write(database, writing, batch, &message)
      try Self.check(message)
      offset += recordsInBatch
    }
  }

  @inline(__always)
  private func put(_ value: UnsafeRawBufferPointer, at offset: Int) {
    let value = value.assumingMemoryBound(to: CChar.self)
    OrderedKey.with(offset) { key in
      let key = key.assumingMemoryBound(to: CChar.self)
      leveldb_writebatch_put(batch, key.baseAddress, key.count, value.baseAddress, value.count)
    }
  }

  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int {
    let iterator = leveldb_create_iterator(database, reading)
    defer { leveldb_iter_destroy(iterator) }
    leveldb_iter_seek_to_first(iterator)
    var visited = 0
    while visited < limit, leveldb_iter_valid(iterator) != 0 {
      var byteCount = 0
      let value = leveldb_iter_value(iterator, &byteCount)
      visit(UnsafeRawBufferPointer(start: value, count: byteCount))
      visited += 1
      leveldb_iter_next(iterator)
    }
    try Self.check(iterator)
    return visited
  }

  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    var message: UnsafeMutablePointer<CChar>?
    var byteCount = 0
    let value = OrderedKey.with(offset) { key in
      leveldb_get(
        database, reading, key.assumingMemoryBound(to: CChar.self).baseAddress, key.count,
        &byteCount, &message)
    }
    try Self.check(message)
    guard let value else { return false }
    defer { leveldb_free(value) }
    visit(UnsafeRawBufferPointer(start: value, count: byteCount))
    return true
  }

  func close() {
    leveldb_writebatch_destroy(batch)
    leveldb_readoptions_destroy(reading)
    leveldb_writeoptions_destroy(writing)
    leveldb_close(database)
  }

  private static func check(_ message: UnsafeMutablePointer<CChar>?) throws {
    try StoreError.check(.levelDB, message) { leveldb_free($0) }
  }

  /// Why an iterator has ended.
  private static func check(_ iterator: OpaquePointer?) throws {
    var message: UnsafeMutablePointer<CChar>?
    leveldb_iter_get_error(iterator, &message)
    try check(message)
  }
}
