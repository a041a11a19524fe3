/// What is told of a run while it goes on, which may be for half an hour: whoever ends it sooner has seen where it
/// was, and has what was measured until then.
struct Progress: Sendable {
  /// Where all that was measured goes, if anywhere.
  var jsonPath: String?

  /// Begins a line, which the end of the benchmark ends.
  func begin(_ benchmark: Benchmark) {
    StandardError.print("\(benchmark.name) … ", terminator: "")
  }

  func end(after nanoseconds: Double) {
    StandardError.print("\(NumberText.fixed(nanoseconds / 1e9, digits: 1)) s")
  }

  /// Writes down what there is so far, unless what is written can't be taken back.
  func keep(_ unfinished: Report) throws {
    guard let jsonPath, TextFile.isReplaceable(jsonPath) else { return }
    try TextFile.replace(jsonPath, with: JSONWriter.text(of: unfinished.json))
  }

  /// Writes down everything.
  func finish(_ report: Report) throws {
    guard let jsonPath else { return }
    if TextFile.isReplaceable(jsonPath) { return try keep(report) }
    try TextFile.write(JSONWriter.text(of: report.json), to: jsonPath)
  }
}
