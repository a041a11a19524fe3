internal import Glibc

/// The program around the suites: what the command line asks of them.
public struct BenchmarkProgram: Sendable {
  private let name: String
  private let benchmarks: [Benchmark]
  private let facts: [String: String]
  private let style: ReportStyle

  /// Creates the program. The self-check comes with it.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - suites: What it runs.
  ///   - facts: What else there is to say, by name, of the machine and the build.
  ///   - style: What is told of it.
  public init(
    name: String = "varve-bench", suites: [Suite], facts: [String: String] = [:],
    style: ReportStyle = .full
  ) {
    self.name = name
    self.facts = facts
    self.style = style
    benchmarks = ([SelfCheck.suite] + suites).flatMap(\.benchmarks)
  }

  /// Does what the words after the program's name say.
  ///
  /// - Returns: The exit status: 0, or 1 if something failed, or 2 if the words make no sense.
  public func run(_ words: [String]) -> Int32 {
    do {
      return try perform(Arguments(parsing: words))
    } catch let error as UsageError {
      StandardError.print("\(name): \(error) (--help tells more)")
      return 2
    } catch {
      StandardError.print("\(name): \(error)")
      return 1
    }
  }

  private func perform(_ arguments: Arguments) throws -> Int32 {
    switch arguments.command {
    case .help: print(Arguments.usage(of: name))
    case .list: print(try selected(by: arguments).map(\.name).joined(separator: "\n"))
    case .traced(let run):
      // Calls are counted, not timed.
      try inSurroundings(of: arguments, isBrief: true) { surroundings in
        try run.run(among: benchmarks, in: surroundings)
      }
    case .run: return try measure(selected(by: arguments), as: arguments)
    }
    return 0
  }

  private func selected(by arguments: Arguments) throws -> [Benchmark] {
    let selected = benchmarks.filter { benchmark in
      arguments.filters.isEmpty || arguments.filters.contains { benchmark.name.contains($0) }
    }
    guard !selected.isEmpty else { throw UsageError("no benchmark has such a name") }
    return selected
  }

  /// Leaves no files behind, nor those of a run that was killed.
  private func inSurroundings<T>(
    of arguments: Arguments, isBrief: Bool, _ work: (Surroundings) throws -> T
  ) throws -> T {
    let parent = try WorkDirectory.Parent(arguments.directory)
    let surroundings = Surroundings(
      isBrief: isBrief, parent: parent, memory: WorkDirectory.Parent.inMemory)
    try surroundings.removeLeftovers()
    let outcome = Result { try work(surroundings) }
    try surroundings.removeLeftovers()
    return try outcome.get()
  }

  private func measure(_ benchmarks: [Benchmark], as arguments: Arguments) throws -> Int32 {
    let progress = Progress(jsonPath: arguments.jsonPath)
    let command = ([name] + arguments.wordsToRepeat).joined(separator: " ")
    let report = try inSurroundings(of: arguments, isBrief: arguments.smoke) { surroundings in
      var facts = facts
      facts["file system"] = surroundings.parent.fileSystem
      let runner = Runner(
        settings: arguments.settings, surroundings: surroundings,
        tracer: SystemCallTracer(directory: surroundings.parent.directory),
        takesCounts: style == .full)
      return try Report.measuring(
        benchmarks, on: .current(with: facts), by: runner, asked: command, telling: progress)
    }
    print(report.text(in: style))
    // What is wanted and missed comes behind it, and not in the midst.
    fflush(nil)
    try progress.finish(report)
    return shortcomings(of: report, as: arguments).isEmpty ? 0 : 1
  }

  /// What failed has been told in the report.
  private func shortcomings(of report: Report, as arguments: Arguments) -> [String] {
    guard let strictness = arguments.strictness else {
      return report.results.compactMap(\.failure)
    }
    let shortcomings = report.shortcomings(by: strictness)
    for shortcoming in shortcomings { StandardError.print(shortcoming) }
    return shortcomings
  }
}
