internal import CSQLite

/// A statement that was prepared, to be run as often as is wanted.
final class SQLiteStatement {
  private let database: OpaquePointer
  private var statement: OpaquePointer?

  init(_ text: String, of database: OpaquePointer) throws {
    self.database = database
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    try check(sqlite3_prepare_v3(database, text, -1, flags, &statement, nil))
  }

  deinit { finalize() }

  /// Gives it back: before its database is closed.
  func finalize() {
    sqlite3_finalize(statement)
    statement = nil
  }

  @inline(__always)
  func bind(_ value: Int, at index: Int32) throws {
    try check(sqlite3_bind_int64(statement, index, Int64(value)))
  }

  /// The bytes are not copied, and stay until it has run.
  @inline(__always)
  func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) throws {
    try check(
      sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), nil))
  }

  /// Runs all of it.
  @inline(__always)
  func run() throws {
    while try step() {}
    reset()
  }

  /// Goes to the next row; false if there is none.
  @inline(__always)
  func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      reset()
      throw StoreError(.sqlite, String(cString: sqlite3_errmsg(database)))
    }
  }

  @inline(__always)
  func reset() { sqlite3_reset(statement) }

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  /// Valid until the next step.
  @inline(__always)
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, column)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  private func check(_ result: Int32) throws {
    guard result == SQLITE_OK else {
      throw StoreError(.sqlite, String(cString: sqlite3_errmsg(database)))
    }
  }
}
