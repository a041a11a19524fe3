extension Report {
  /// Runs all benchmarks. One that fails doesn't keep the others from running.
  static func measuring(
    _ benchmarks: [Benchmark], on machine: MachineFacts, by runner: Runner
  ) throws -> Report {
    var runner = runner
    var report = Report(
      machine: machine, settings: runner.settings,
      selfCheck: try SelfCheck.perform(tracer: runner.tracer))
    runner.takesCounts = runner.takesCounts && report.selfCheck.deviations.isEmpty
    for benchmark in benchmarks {
      if StandardError.isTerminal { StandardError.print("… \(benchmark.name)") }
      report.results.append(runner.attempt(benchmark))
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
