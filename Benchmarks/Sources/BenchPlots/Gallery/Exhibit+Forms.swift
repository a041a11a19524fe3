extension Exhibit {
  typealias Figure = @Sendable (Measurement, Measurement.Subject) -> Double?

  /// A benchmark in each category, and in each series what one of its subjects has.
  static func comparing(
    _ name: String, _ title: String, axis: String, form: Chart.Form = .bars,
    of categories: KeyValuePairs<String, String>,
    _ subjects: KeyValuePairs<String, Measurement.Subject>, note: String,
    _ figure: @escaping Figure
  ) -> Exhibit {
    Exhibit(
      name: name, title: title, axis: axis, form: form, note: note,
      categories: categories.map(\.key),
      series: subjects.map { subject in
        Series(
          name: subject.key,
          cells: categories.map { category in
            Cell(benchmark: category.value) { figure($0, subject.value) }
          })
      })
  }

  /// A latency in each series, from the median to the longest.
  static func percentiles(
    _ name: String, _ title: String,
    of series: [(name: String, benchmark: String, subject: Measurement.Subject)], note: String
  ) -> Exhibit {
    Exhibit(
      name: name, title: title, axis: "ns", form: .lines, note: note,
      categories: Measurement.Latencies.names,
      series: series.map { series in
        Series(
          name: series.name,
          cells: Measurement.Latencies.names.indices.map { index in
            Cell(benchmark: series.benchmark) { $0.latencies(of: series.subject)?.values[index] }
          })
      })
  }

  /// What a benchmark tallied of each of those, by tallies called `what, whose`.
  static func tallies(
    _ name: String, _ title: String, axis: String, of benchmark: String, _ whats: [String],
    _ owners: [String], note: String
  ) -> Exhibit {
    Exhibit(
      name: name, title: title, axis: axis, form: .bars, note: note, categories: owners,
      series: whats.map { what in
        Series(
          name: what,
          cells: owners.map { owner in
            Cell(benchmark: benchmark) { ($0.tallies["\(what), \(owner)"] ?? nil) }
          })
      })
  }
}
