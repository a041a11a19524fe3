import Testing

@testable import BenchHarness

struct ComparisonTests {
  @Test func eachReferenceHasAColumnWithItsRatio() {
    let lines = Self.lines(of: Self.report)
    #expect(lines.contains("records/s (and how many times as fast ours is) ours theirs"))
    #expect(lines.contains("append 100M 25.0M (4.00)"))
  }

  @Test func talliesAreByWhoseTheyAre() {
    let lines = Self.lines(of: Self.report)
    #expect(lines.contains("tallies ours theirs"))
    #expect(lines.contains("ms 3 unknown"))
    #expect(lines.contains("MiB 7"))
  }

  @Test func whatFailedIsSaid() {
    var report = Self.report
    report.results[0].failure = "no space"
    #expect(report.comparison(of: "ours").contains("append failed: no space"))
  }

  /// With one space where there are several.
  private static func lines(of report: Report) -> [String] {
    report.comparison(of: "ours").split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
  }

  private static var report: Report {
    var append = BenchmarkResult(Benchmark("append") { Routine(body: { _ in }) })
    append.timing = Timing(
      body: series(10), references: [.init(name: "theirs", series: series(40))])
    var reopen = BenchmarkResult(Benchmark("reopen") { Routine(body: { _ in }) })
    reopen.timing = Timing(body: series(1))
    reopen.tallies = [
      .init(name: "ms, ours", value: 3), .init(name: "ms, theirs", value: nil),
      .init(name: "MiB, ours", value: 7),
    ]
    return Report(
      machine: .current(), settings: .smoke,
      selfCheck: SelfCheck.Outcome(OperationCounts(), systemCallsUnknown: nil),
      results: [append, reopen])
  }

  private static func series(_ nanoseconds: Double) -> Series {
    var series = Series(iterations: 1)
    series.add(nanoseconds)
    return series
  }
}
