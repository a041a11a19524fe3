extension Report {
  /// Runs all benchmarks. One that fails doesn't keep the others from running.
  static func measuring(
    _ benchmarks: [Benchmark], on machine: MachineFacts, by runner: Runner, asked command: String?,
    telling progress: Progress
  ) throws -> Report {
    var runner = runner
    var report = Report(
      machine: machine, settings: runner.settings,
      selfCheck: try SelfCheck.perform(tracer: runner.tracer), command: command)
    // A file that can't be written is better known now than in half an hour.
    try progress.keep(report)
    runner.takesCounts = runner.takesCounts && report.selfCheck.deviations.isEmpty
    for benchmark in benchmarks {
      progress.begin(benchmark)
      progress.end(after: Clock.time { report.results.append(runner.attempt(benchmark)) })
      // The last time, which is told, is at the end.
      try? progress.keep(report)
    }
    return report
  }
}

extension Runner {
  fileprivate func attempt(_ benchmark: Benchmark) -> BenchmarkResult {
    do {
      return try run(benchmark)
    } catch {
      var result = BenchmarkResult(benchmark)
      result.failure = "\(error)"
      return result
    }
  }
}
