extension Report {
  /// A table with a row for each benchmark and a column for each of its references, and what was
  /// tallied of each below.
  func comparison(of subject: String) -> String {
    [machine.text, warning, speeds(of: subject), tallied, failed].filter { !$0.isEmpty }
      .joined(separator: "\n\n")
  }

  private var warning: String {
    machine.isOptimized ? "" : "This is a debug build: its times mean nothing."
  }

  /// In the order in which they occur first.
  private var contenders: [String] {
    results.flatMap { $0.timing?.references ?? [] }.map(\.name)
      .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
  }

  private func speeds(of subject: String) -> String {
    let contenders = contenders
    var table = Table(
      header: ["records/s (and how many times as fast \(subject) is)", subject] + contenders)
    for result in results {
      // What has nothing to be compared with is not in a table of comparisons.
      guard let nanoseconds = result.nanoseconds, result.timing?.references.isEmpty == false
      else { continue }
      table.add(
        [result.name, Self.speed(nanoseconds, result)]
          + contenders.map { name in
            guard let nanoseconds = result.nanoseconds(of: name),
              let ratio = result[.ratio(to: name)]
            else { return "" }
            return "\(Self.speed(nanoseconds, result)) (\(NumberText.significant(ratio)))"
          })
    }
    return table.isEmpty ? "" : table.text
  }

  private static func speed(_ nanoseconds: Summary, _ result: BenchmarkResult) -> String {
    NumberText.scaled(Double(result.records) * 1e9 / nanoseconds.median)
  }

  /// Of tallies called `what, whose`.
  private var tallied: String {
    let tallies = results.flatMap { result in
      result.tallies.map { (what: Self.parts(of: $0.name), value: $0.value) }
    }
    func distinct(_ part: (_ parts: (what: String, whose: String)) -> String) -> [String] {
      tallies.map { part($0.what) }
        .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
    }
    let owners = distinct(\.whose)
    var table = Table(header: ["tallies"] + owners)
    for what in distinct(\.what) {
      table.add(
        [what]
          + owners.map { owner in
            let tally = tallies.first { $0.what == (what, owner) }
            return tally.map { $0.value.map(NumberText.count) ?? "unknown" } ?? ""
          })
    }
    return table.isEmpty ? "" : table.text
  }

  private static func parts(of name: String) -> (what: String, whose: String) {
    let parts = name.split(separator: ", ", maxSplits: 1).map(String.init)
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }

  private var failed: String {
    results.compactMap { result in result.failure.map { "\(result.name) failed: \($0)" } }
      .joined(separator: "\n")
  }
}
