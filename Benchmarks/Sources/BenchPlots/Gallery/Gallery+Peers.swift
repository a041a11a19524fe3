extension Gallery {
  private static let stores = [
    "varve", "lmdb", "lmdb-writemap", "rocksdb", "leveldb", "sqlite",
  ]

  private static func subject(_ store: String) -> Measurement.Subject {
    store == "varve" ? .own : .reference(store)
  }

  static let peers = [
    speeds(
      "peers-append", "Appending, not synced", "append",
      note: """
        What is appended outlives a process that is killed, in each of them, and not a power cut.
        """),
    speeds(
      "peers-append-synced", "Appending, synced after each batch", "append-synced",
      note: "What is appended outlives a power cut."),
    comparison(
      "peers-read", "Reading",
      [
        ("scan, 100 B", "scan/100B"), ("scan, 1 KiB", "scan/1KiB"),
        ("look-up, 100 B", "look-up/100B"), ("look-up, 1 KiB", "look-up/1KiB"),
      ],
      note: """
        All is in memory, and each byte of a value is looked at. Varve, RocksDB and LevelDB compare \
        checksums, LMDB and SQLite have none.
        """),
    Exhibit.tallies(
      "peers-reopen", "Opening 1 GiB whose process was killed", axis: "ms", of: "peers/killed",
      ["ms to reopen 1 GiB"], stores,
      note: """
        LMDB and SQLite believe what they find; RocksDB and LevelDB read their logs back, Varve the \
        last segments, each batch with its checksum.
        """),
    Exhibit.tallies(
      "peers-memory", "Memory of a process that has appended 1 GiB", axis: "MiB",
      of: "peers/killed", ["MiB of its own", "MiB of files mapped"], stores,
      note:
        "Pages of mapped files are the page cache's, which lets go of them when memory is wanted."),
  ]

  private static func speeds(
    _ name: String, _ title: String, _ benchmark: String, note: String
  ) -> Exhibit {
    comparison(
      name, title,
      [
        ("100 B", "\(benchmark)/100B/1"), ("100 B × 64", "\(benchmark)/100B/64"),
        ("1 KiB", "\(benchmark)/1KiB/1"), ("1 KiB × 64", "\(benchmark)/1KiB/64"),
      ], note: note)
  }

  private static func comparison(
    _ name: String, _ title: String, _ benchmarks: [(title: String, name: String)], note: String
  ) -> Exhibit {
    Exhibit(
      name: name, title: "\(title): Varve and what one might use instead", axis: "records/s",
      form: .bars, note: note, categories: benchmarks.map(\.title),
      series: stores.map { store in
        Exhibit.Series(
          name: store,
          cells: benchmarks.map { benchmark in
            Exhibit.Cell(benchmark: "peers/\(benchmark.name)") {
              $0.recordsPerSecond(of: subject(store))
            }
          })
      })
  }
}
