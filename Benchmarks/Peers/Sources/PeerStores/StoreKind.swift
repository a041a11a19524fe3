/// The stores there are.
package enum StoreKind: String, Sendable, CaseIterable {
  case varve
  case lmdb
  case lmdbMapped = "lmdb-writemap"
  case rocksDB = "rocksdb"
  case levelDB = "leveldb"
  case sqlite

  /// What Varve is compared with.
  package static let peers = allCases.filter { $0 != .varve }

  /// Opens one in a directory that is there, and makes it if it isn't there.
  package func open(at path: String, _ settings: StoreSettings) throws -> any Store {
    switch self {
    case .varve: try VarveStore(at: path, settings)
    case .lmdb: try LMDBStore(at: path, settings, isMapped: false)
    case .lmdbMapped: try LMDBStore(at: path, settings, isMapped: true)
    case .rocksDB: try RocksDBStore(at: path, settings)
    case .levelDB: try LevelDBStore(at: path, settings)
    case .sqlite: try SQLiteStore(at: path, settings)
    }
  }
}
