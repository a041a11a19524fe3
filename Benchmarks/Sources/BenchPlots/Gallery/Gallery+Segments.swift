extension Gallery {
  private static let logCounts: KeyValuePairs = [
    "10": "10", "100": "100", "1,000": "1k", "10,000": "10k",
  ]

  private static let counts: KeyValuePairs = [
    "1": "1", "10": "10", "100": "100", "1,000": "1k", "10,000": "10k", "100,000": "100k",
  ]

  /// How things grow with the segments of a log.
  static let segments = [
    tallied(
      "segments-time", "One log, from 1 to 100,000 segments: time", axis: "ns",
      "segments", counts, ["append, ns", "look-up, ns", "open, ns", "close, ns"],
      note: """
        Small segments of one batch each. What is opened was closed before. Of a thousand look-ups, most \
        are the first in their segment where there are many, and open it.
        """),
    tallied(
      "segments-resources", "One log, from 1 to 100,000 segments: what it holds",
      axis: "count, or KiB", "segments", counts,
      ["KiB of memory", "descriptors", "mappings"],
      note: "After opening."),
  ]

  /// How things grow with the logs of a store.
  static let manyLogs = [
    tallied(
      "store-time", "A store, from 10 to 10,000 logs of ten segments: time", axis: "ns", "store",
      logCounts, ["open, ns", "first append, ns", "close, ns"],
      note: "What is opened was closed before, and closed once a record was appended to each log."),
    tallied(
      "store-resources", "A store, from 10 to 10,000 logs of ten segments: what it holds",
      axis: "count, or KiB", "store", logCounts,
      ["KiB of memory", "descriptors", "mappings", "threads"],
      note: "The most, where a process may have 1,024 files open."),
  ]

  private static func tallied(
    _ name: String, _ title: String, axis: String, _ suite: String,
    _ counts: KeyValuePairs<String, String>, _ whats: [String], note: String
  ) -> Exhibit {
    Exhibit(
      name: name, title: title, axis: axis, form: .lines, note: note,
      categories: counts.map(\.key),
      series: whats.map { what in
        Exhibit.Series(
          name: what,
          cells: counts.map { count in
            Exhibit.Cell(benchmark: "\(suite)/\(count.value)") { $0.tallies[what] ?? nil }
          })
      })
  }
}
