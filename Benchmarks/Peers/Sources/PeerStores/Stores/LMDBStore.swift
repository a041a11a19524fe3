internal import CLMDB

/// LMDB: a tree of pages, copied on write, in one file that is mapped.
///
/// Appended at the tree's right edge. With `MDB_WRITEMAP` pages are changed in the mapping, without it
/// they are written by calls.
final class LMDBStore: Store {
  /// The file is as large as its data, or sparse.
  private static let mapByteCount = 8 << 30

  private let kind: StoreKind
  private let environment: OpaquePointer
  private var table: MDB_dbi = 0
  /// Of look-ups, and renewed for each: so each sees what was appended before it.
  private var reader: OpaquePointer?

  init(at path: String, _ settings: StoreSettings, isMapped: Bool) throws {
    kind = isMapped ? .lmdbMapped : .lmdb
    var environment: OpaquePointer?
    try Self.check(kind, mdb_env_create(&environment))
    self.environment = environment!
    do {
      try check(mdb_env_set_mapsize(environment, Self.mapByteCount))
      let flags =
        (isMapped ? MDB_WRITEMAP : 0) | (settings.syncsEachBatch ? 0 : MDB_NOSYNC)
      try check(mdb_env_open(environment, path, UInt32(flags), 0o644))
      try writing { try check(mdb_dbi_open($0, nil, 0, &table)) }
    } catch {
      mdb_env_close(environment)
      throw error
    }
  }

  var count: Int {
    get throws {
      var statistics = MDB_stat()
      try reading { try check(mdb_stat($0, table, &statistics)) }
      return statistics.ms_entries
    }
  }

  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws {
    var offset = try count
    for _ in 0..<times {
      try writing { transaction in
        for offset in offset..<offset + recordsInBatch {
          try put(payload.value(of: offset), at: offset, in: transaction)
        }
      }
      offset += recordsInBatch
    }
  }

  @inline(__always)
  private func put(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, in transaction: OpaquePointer?
  ) throws {
    try OrderedKey.with(offset) { key in
      var key = MDB_val(key)
      var value = MDB_val(bytes)
      try check(mdb_put(transaction, table, &key, &value, UInt32(MDB_APPEND)))
    }
  }

  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int {
    try reading { transaction in
      var cursor: OpaquePointer?
      try check(mdb_cursor_open(transaction, table, &cursor))
      defer { mdb_cursor_close(cursor) }
      var (key, value) = (MDB_val(), MDB_val())
      for visited in 0..<limit {
        let result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        if result == MDB_NOTFOUND { return visited }
        try check(result)
        visit(value.bytes)
      }
      return limit
    }
  }

  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    try reading { transaction in
      try OrderedKey.with(offset) { key in
        var key = MDB_val(key)
        var value = MDB_val()
        let result = mdb_get(transaction, table, &key, &value)
        if result == MDB_NOTFOUND { return false }
        try check(result)
        visit(value.bytes)
        return true
      }
    }
  }

  func close() {
    mdb_txn_abort(reader)
    mdb_env_close(environment)
  }

  private func writing(_ body: (OpaquePointer?) throws -> Void) throws {
    var transaction: OpaquePointer?
    try check(mdb_txn_begin(environment, nil, 0, &transaction))
    do {
      try body(transaction)
    } catch {
      mdb_txn_abort(transaction)
      throw error
    }
    try check(mdb_txn_commit(transaction))
  }

  private func reading<Result>(_ body: (OpaquePointer?) throws -> Result) throws -> Result {
    if reader == nil {
      try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &reader))
    } else {
      try check(mdb_txn_renew(reader))
    }
    defer { mdb_txn_reset(reader) }
    return try body(reader)
  }

  @inline(__always)
  private func check(_ result: Int32) throws { try Self.check(kind, result) }

  @inline(__always)
  private static func check(_ kind: StoreKind, _ result: Int32) throws {
    guard result != MDB_SUCCESS else { return }
    throw StoreError(kind, String(cString: mdb_strerror(result)))
  }
}

extension MDB_val {
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  fileprivate var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: mv_data, count: mv_size)
  }
}
