extension Gallery {
  private static let stores = [
    "varve", "lmdb", "lmdb-writemap", "rocksdb", "leveldb", "sqlite",
  ]

  private static func subject(_ store: String) -> Measurement.Subject {
    store == "varve" ? .own : .reference(store)
  }

  static let peers = [
    speeds(
      "peers-append", "Varve beside others: appending, not synced", "append",
      note: """
        What is appended outlives a process that is killed, in each of them, and not a power cut.
        """),
    speeds(
      "peers-append-synced", "Varve beside others: appending, synced after each batch",
      "append-synced",
      note: "What is appended outlives a power cut."),
    comparison(
      "peers-read", "Varve beside others: reading",
      [
        ("scan, 100 B", "scan/100B/64"), ("scan, 1 KiB", "scan/1KiB/64"),
        ("look-up, 100 B × 64", "look-up/100B/64"), ("look-up, 1 KiB × 64", "look-up/1KiB/64"),
        ("look-up, 1 KiB", "look-up/1KiB/1"),
      ],
      note: """
        All is in memory, and each byte of a value is looked at. Varve, RocksDB and LevelDB compare \
        checksums, LMDB and SQLite have none. Varve reads the whole batch that a record was appended \
        in, of which some here have 64.
        """),
    Exhibit.tallies(
      "peers-reopen", "Varve beside others: opening 1 GiB whose process was killed", axis: "ms",
      of: "peers/killed",
      ["ms to reopen 1 GiB"], stores,
      note: """
        LMDB and SQLite believe what they find; RocksDB and LevelDB read their logs back, Varve the \
        last segments, each batch with its checksum.
        """),
    Exhibit.tallies(
      "peers-memory", "Varve beside others: memory of a process that has appended 1 GiB",
      axis: "MiB",
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
      name: name, title: title, axis: "records/s",
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
