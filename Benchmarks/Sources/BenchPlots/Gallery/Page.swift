extension Gallery {
  /// The page that shows the pictures, and says in numbers what they show.
  public var page: String {
    ([Self.introduction] + plots.map(Self.section)).joined(separator: "\n")
  }

  private static let introduction = """
    # Benchmarks

    Made by `make bench-plots` from `results.json`, which is what the commands below each table have
    measured. Figures are medians. How they are taken, and how far they can be trusted, is in
    [Benchmarks](../../Benchmarks/README.md); what is wanted and what is missed, in
    [Figures](../Figures.md); how the others are set up, in [Peers](../../Benchmarks/Peers/README.md).

    """

  private static func section(_ plot: Plot) -> String {
    """
    ## \(plot.chart.title)

    ![\(plot.chart.title)](\(plot.name).svg)

    \(plot.note)

    \(table(of: plot.chart))

    \(plot.runs.map(source).joined(separator: "  \n"))

    """
  }

  private static func table(of chart: Chart) -> String {
    let header = ["| \(chart.axis) |"] + chart.series.map { " \(cell($0.name)) |" }
    let rule = ["|---|"] + chart.series.map { _ in "---:|" }
    let rows = chart.categories.enumerated().map { index, category in
      (["| \(cell(category)) |"]
        + chart.series.map { series in
          " \(series.values[index].map(Magnitude.short) ?? "") |"
        }).joined()
    }
    return ([header.joined(), rule.joined()] + rows).joined(separator: "\n")
  }

  /// A bar would end the cell.
  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private static func source(_ run: Run) -> String {
    let libraries = run.machine.libraries
    return "`\(run.command ?? "unknown command")`, \(run.machine.day): \(run.machine.text)"
      + (libraries.isEmpty ? "" : ", \(libraries)")
  }
}
