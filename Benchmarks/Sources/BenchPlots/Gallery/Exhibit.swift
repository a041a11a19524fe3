/// A chart of certain benchmarks, once there are results.
struct Exhibit: Sendable {
  /// Of the file, without its kind.
  let name: String
  let title: String
  let axis: String
  let form: Chart.Form
  /// What the reader has to know.
  let note: String
  let categories: [String]
  let series: [Series]

  struct Series: Sendable {
    let name: String
    /// One for each category.
    let cells: [Cell]
  }

  /// A figure of a benchmark.
  struct Cell: Sendable {
    let benchmark: String
    let figure: @Sendable (Measurement) -> Double?
  }
}

extension Exhibit {
  /// What is drawn of it; nil if nothing of it was measured. What wasn't is left out.
  func plot(of results: Results) -> Plot? {
    let values = series.map { series in
      series.cells.map { cell in
        results[cell.benchmark].flatMap { cell.figure($0.measurement) }
      }
    }
    let shownCategories = categories.indices.filter { index in
      values.contains { $0[index] != nil }
    }
    let shownSeries = series.indices.filter { index in values[index].contains { $0 != nil } }
    guard !shownCategories.isEmpty else { return nil }
    return Plot(
      name: name,
      chart: Chart(
        title, axis: axis, form: form, categories: shownCategories.map { categories[$0] },
        series: shownSeries.map { index in
          Chart.Series(series[index].name, shownCategories.map { values[index][$0] })
        }),
      note: note, runs: runs(in: results))
  }

  /// Where its figures are from, each once.
  private func runs(in results: Results) -> [Run] {
    var runs: [Run] = []
    for cell in series.flatMap(\.cells) {
      guard let run = results[cell.benchmark]?.run, !runs.contains(where: { $0.isSame(as: run) })
      else { continue }
      runs.append(run)
    }
    return runs
  }
}

extension Run {
  fileprivate func isSame(as other: Run) -> Bool {
    machine == other.machine && command == other.command
  }
}

/// A chart with what belongs to it.
struct Plot: Sendable {
  let name: String
  let chart: Chart
  let note: String
  let runs: [Run]
}
