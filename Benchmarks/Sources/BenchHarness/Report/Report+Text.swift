extension Report {
  /// The tables, with what was wanted below them.
  var text: String {
    [
      machine.text, warnings, throughputTable, latencyTable, countTable, tallyTable, goals,
      failures,
    ]
    .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var warnings: String {
    var lines: [String] = []
    if !machine.isOptimized {
      lines.append("This is a debug build: its times and counts mean nothing.")
    }
    lines.append(selfCheck.description)
    return lines.joined(separator: "\n")
  }

  private var throughputTable: String {
    var table = Table(
      header: ["throughput", "ns/record", "min", "max", "records/s", "GB/s", "of limit"])
    for result in results {
      guard let nanoseconds = result.nanoseconds else { continue }
      table.add(
        Self.row(result.name, nanoseconds, of: result, ratio: result[.ratio(to: limitName)]))
      for reference in result.timing?.references ?? [] {
        guard let nanoseconds = result.nanoseconds(of: reference.name) else { continue }
        // The limit's is in the row above.
        let ratio = reference.name == limitName ? nil : result[.ratio(to: reference.name)]
        table.add(Self.row("  \(reference.name)", nanoseconds, of: result, ratio: ratio))
      }
    }
    return table.isEmpty ? "" : table.text
  }

  private static func row(
    _ name: String, _ nanoseconds: Summary, of result: BenchmarkResult, ratio: Double?
  ) -> [String] {
    let record = nanoseconds.divided(by: Double(result.records))
    let gigabytes = result.gigabytesPerSecond(nanoseconds)
    return [
      name,
      NumberText.significant(record.median),
      NumberText.significant(record.minimum),
      NumberText.significant(record.maximum),
      NumberText.scaled(1e9 / record.median),
      gigabytes.map(NumberText.significant) ?? "",
      ratio.map { NumberText.fixed($0, digits: 3) } ?? "",
    ]
  }

  private var latencyTable: String {
    var table = Table(
      header: ["latency, ns"] + Quantile.allCases.map(\.rawValue) + ["operations"])
    for result in results {
      guard let latency = result.latency else { continue }
      Self.add(latency.body, as: result.name, to: &table)
      for reference in latency.references {
        Self.add(reference.latencies, as: "  \(reference.name)", to: &table)
      }
    }
    return table.isEmpty ? "" : table.text
  }

  private static func add(_ latencies: Latencies, as name: String, to table: inout Table) {
    table.add(row(name, count: latencies.count, latencies.value))
    for kind in latencies.kinds {
      let (prefix, histogram) = (name.prefix { $0 == " " }, kind.histogram)
      table.add(row("\(prefix)  \(kind.name)", count: histogram.count, histogram.value))
    }
  }

  private static func row(
    _ name: String, count: UInt64, _ value: (Quantile) -> UInt64
  ) -> [String] {
    [name] + Quantile.allCases.map { String(value($0)) } + [String(count)]
  }

  private var countTable: String {
    guard selfCheck.deviations.isEmpty else { return "" }
    var table = Table(header: ["counts per iteration"] + Counter.allCases.map(\.title))
    for result in results where result.failure == nil {
      table.add(
        [result.name]
          + Counter.allCases.map { result.counts[$0].map(NumberText.count) ?? "unknown" })
    }
    return table.isEmpty ? "" : table.text
  }

  private var tallyTable: String {
    var table = Table(header: ["tallies", "value"])
    for result in results where !result.tallies.isEmpty {
      table.add([result.name])
      for tally in result.tallies {
        table.add(["  \(tally.name)", tally.value.map(NumberText.count) ?? "unknown"])
      }
    }
    return table.isEmpty ? "" : table.text
  }

  private var goals: String {
    var table = Table(header: ["goals", "wanted", "measured", ""])
    for result in results {
      for goal in result.goals {
        let measured = result[goal.figure].map(NumberText.short) ?? "unknown"
        let outcome = result.outcome(of: goal).rawValue
        table.add([result.name, goal.description, measured, outcome])
      }
    }
    return table.isEmpty ? "" : table.text
  }

  /// Where tracing isn't allowed at all, the self-check has said so once already.
  private var failures: String {
    let unknown = results.compactMap { result in
      selfCheck.systemCallsUnknown == nil
        ? result.systemCallsUnknown.map { "\(result.name): system calls are unknown, \($0)" } : nil
    }
    let failed = results.compactMap { result in
      result.failure.map { "\(result.name) failed: \($0)" }
    }
    return (unknown + failed).joined(separator: "\n")
  }
}

extension Counter {
  fileprivate var title: String {
    switch self {
    case .allocations: "allocs"
    case .frees: "frees"
    case .allocatedBytes: "bytes"
    case .retains: "retains"
    case .releases: "releases"
    case .accessChecks: "accesses"
    case .systemCalls: "syscalls"
    }
  }
}
