/// All that is shown, in the order of the page.
public struct Gallery: Sendable {
  let plots: [Plot]

  /// What can be shown of these results.
  public init(_ results: Results) {
    plots = Self.exhibits.compactMap { $0.plot(of: results) }
  }

  /// The pictures by the names of their files.
  public var pictures: [(file: String, svg: String)] {
    plots.map { (file: "\($0.name).svg", svg: $0.chart.svg) }
  }

  static let exhibits: [Exhibit] =
    [appends, latencies, durable, scans] + sends + [recovery]
    + segments + manyLogs + peers
}

extension Gallery {
  private static let appends = Exhibit.comparing(
    "append", "Appending, by how much a call brings", axis: "records/s",
    of: [
      "100 B": "append/100B/prepared", "1 KiB": "append/1KiB",
      "100 B × 100": "append/100Bx100/prepared",
    ], ["Varve": .own, "bare mapped log in C": .limit, "write(2) a call": .reference("write(2)")],
    note: """
      One thread, into the page cache. The bare log copies the same bytes into mapped segments and \
      takes their checksum, and does nothing else.
      """
  ) { $0.recordsPerSecond(of: $1) }

  private static let latencies = Exhibit.percentiles(
    "append-latency", "How long an append of 1 KiB takes, with a roll every 64 MiB",
    of: [
      ("Varve, back to back", "append/latency/1KiB", .own),
      ("bare log, back to back", "append/latency/1KiB", .limit),
      ("Varve, at 500,000/s", "append/latency/1KiB/500k", .own),
      ("bare log, at 500,000/s", "append/latency/1KiB/500k", .limit),
    ],
    note: """
      What is paced counts from when it was to begin, so those that wait behind a slow one are late, \
      too. Here the tails are mostly the machine's: the bare log has them as well.
      """)

  private static let durable = Exhibit.comparing(
    "durable", "Appends of 1 KiB that wait for the device", axis: "records/s", form: .bars,
    of: [
      "1 thread": "durable/1KiB/threads/1", "8 threads": "durable/1KiB/threads/8",
      "64 threads": "durable/1KiB/threads/64", "1 task": "durable/1KiB/tasks/1",
      "8 tasks": "durable/1KiB/tasks/8", "64 tasks": "durable/1KiB/tasks/64",
      "1 × 64 records": "durable/1KiBx64",
    ], ["Varve": .own, "write and sync in C, in groups as large": .limit],
    note: "Each waits for its own record; one sync serves all who wait."
  ) { $0.recordsPerSecond(of: $1) }

  private static let scans = Exhibit.comparing(
    "scan", "Reading in order, with checksums", axis: "records/s",
    of: ["100 B": "scan/100B", "1 KiB": "scan/1KiB", "100 B × 100": "scan/100Bx100"],
    ["Varve": .own, "read and checksum in C": .limit],
    note: "Out of the page cache; each record is looked at."
  ) { $0.recordsPerSecond(of: $1) }

  private static let sends = [
    (kind: "tcp", title: "TCP"), (kind: "unix", title: "a UNIX socket"),
    (kind: "pipe", title: "a pipe"),
  ].map { kind, title in
    send(kind, title)
  }

  private static func send(_ kind: String, _ title: String) -> Exhibit {
    let sizes = [("4 KiB", "4KiB"), ("64 KiB", "64KiB"), ("1 MiB", "1024KiB")]
    func cells(_ caller: String, _ subject: Measurement.Subject) -> [Exhibit.Cell] {
      sizes.map { _, size in
        Exhibit.Cell(benchmark: "send/\(kind)/\(size)/\(caller)") {
          $0.gigabytesPerSecond(of: subject)
        }
      }
    }
    return Exhibit(
      name: "send-\(kind)", title: "Sending slices to \(title), by size", axis: "GB/s",
      form: .bars,
      note: "On loopback, out of the page cache, to a receiver that throws the bytes away.",
      categories: sizes.map(\.0),
      series: [
        Exhibit.Series(name: "Varve, from a thread", cells: cells("thread", .own)),
        Exhibit.Series(name: "Varve, from a task", cells: cells("task", .own)),
      ]
        + ["sendfile", "splice", "io_uring", "read+write"].map { way in
          Exhibit.Series(name: way, cells: cells("thread", .reference(way)))
        })
  }

  private static let recovery = Exhibit.comparing(
    "recovery", "Opening a segment of 1 GiB after a kill, by size of its batches", axis: "GB/s",
    of: ["100 B": "recovery/100B", "1 KiB": "recovery/1KiB", "16 KiB": "recovery/16KiB"],
    ["Varve": .own, "read and checksum in C": .limit],
    note: "All of it had reached the device. In a log of many segments only the last is read."
  ) { $0.gigabytesPerSecond(of: $1) }
}
