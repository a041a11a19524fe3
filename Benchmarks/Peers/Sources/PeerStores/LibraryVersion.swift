internal import CLMDB
internal import CLevelDB
internal import CSQLite
internal import Glibc

/// A library that is linked, and which one it is.
package struct LibraryVersion: Sendable {
  package let name: String
  package let number: String

  package static let all = [
    LibraryVersion(name: "RocksDB", number: linked("librocksdb.so.") ?? "unknown"),
    LibraryVersion(
      name: "LMDB", number: "\(MDB_VERSION_MAJOR).\(MDB_VERSION_MINOR).\(MDB_VERSION_PATCH)"),
    LibraryVersion(
      name: "LevelDB", number: "\(leveldb_major_version()).\(leveldb_minor_version())"),
    LibraryVersion(name: "SQLite", number: String(cString: sqlite3_libversion())),
  ]

  /// What follows in the name of a file that is mapped: RocksDB tells C nothing else.
  private static func linked(_ prefix: String) -> String? {
    guard let maps = fopen("/proc/self/maps", "re") else { return nil }
    defer { fclose(maps) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, maps) > 0, let text = line.map({ String(cString: $0) }) {
      guard let name = text.split(separator: "/").last, name.hasPrefix(prefix) else { continue }
      return String(name.dropFirst(prefix.count).prefix { !$0.isWhitespace })
    }
    return nil
  }
}
