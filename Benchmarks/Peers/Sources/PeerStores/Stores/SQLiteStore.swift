internal import CSQLite

/// SQLite: a table whose key is its row's number, with a write-ahead log.
final class SQLiteStore: Store {
  private let database: OpaquePointer
  private let begin: SQLiteStatement
  private let commit: SQLiteStatement
  private let insert: SQLiteStatement
  private let all: SQLiteStatement
  private let one: SQLiteStatement
  private let last: SQLiteStatement

  init(at path: String, _ settings: StoreSettings) throws {
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let result = sqlite3_open_v2(path + "/log.sqlite", &database, flags, nil)
    guard result == SQLITE_OK, let database else {
      sqlite3_close(database)
      throw StoreError(.sqlite, String(cString: sqlite3_errstr(result)))
    }
    self.database = database
    for pragma in Self.pragmas(settings) {
      try SQLiteStatement("PRAGMA \(pragma)", of: database).run()
    }
    try SQLiteStatement(
      "CREATE TABLE IF NOT EXISTS log(id INTEGER PRIMARY KEY, value BLOB NOT NULL)", of: database
    ).run()
    begin = try SQLiteStatement("BEGIN IMMEDIATE", of: database)
    commit = try SQLiteStatement("COMMIT", of: database)
    insert = try SQLiteStatement("INSERT INTO log(id, value) VALUES (?1, ?2)", of: database)
    all = try SQLiteStatement("SELECT value FROM log ORDER BY id", of: database)
    one = try SQLiteStatement("SELECT value FROM log WHERE id = ?1", of: database)
    last = try SQLiteStatement("SELECT max(id) FROM log", of: database)
  }

  /// The order counts: a page has its size before there are any, and with exclusive locking set first
  /// no shared memory is used.
  private static func pragmas(_ settings: StoreSettings) -> [String] {
    [
      "page_size = 8192",
      "locking_mode = EXCLUSIVE",
      "journal_mode = WAL",
      "synchronous = \(settings.syncsEachBatch ? "FULL" : "NORMAL")",
      "wal_autocheckpoint = 4096",
      "cache_size = -65536",
      "mmap_size = \(8 << 30)",
    ]
  }

  var count: Int {
    get throws {
      defer { last.reset() }
      return try last.step() && !last.isNull(0) ? last.integer(0) + 1 : 0
    }
  }

  func append(_ payload: Payload, recordsInBatch: Int, times: Int) throws {
    var offset = try count
    for _ in 0..<times {
      // A statement by itself is a transaction.
      if recordsInBatch > 1 { try begin.run() }
      for offset in offset..<offset + recordsInBatch {
        try insert.bind(offset, at: 1)
        try insert.bind(payload.value(of: offset), at: 2)
        try insert.run()
      }
      if recordsInBatch > 1 { try commit.run() }
      offset += recordsInBatch
    }
  }

  func scan(atMost limit: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Int {
    defer { all.reset() }
    var visited = 0
    while visited < limit, try all.step() {
      visit(all.bytes(0))
      visited += 1
    }
    return visited
  }

  func lookUp(_ offset: Int, _ visit: (UnsafeRawBufferPointer) -> Void) throws -> Bool {
    defer { one.reset() }
    try one.bind(offset, at: 1)
    guard try one.step() else { return false }
    visit(one.bytes(0))
    return true
  }

  func close() throws {
    for statement in [begin, commit, insert, all, one, last] { statement.finalize() }
    let result = sqlite3_close(database)
    guard result == SQLITE_OK else {
      throw StoreError(.sqlite, String(cString: sqlite3_errstr(result)))
    }
  }
}
