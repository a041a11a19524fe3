import Testing

@testable import BenchHarness

struct GoalTests {
  @Test func boundsIncludeTheirOwnValue() {
    #expect(Goal.ratio(atLeast: 0.5).outcome(for: 0.5) == .met)
    #expect(Goal.ratio(atLeast: 0.5).outcome(for: 0.49) == .missed)
    #expect(Goal.nanosecondsPerRecord(atMost: 150).outcome(for: 150) == .met)
    #expect(Goal.nanosecondsPerRecord(atMost: 150).outcome(for: 151) == .missed)
  }

  @Test func whatIsUnknownIsNotMet() {
    let goal = Goal.count(.systemCalls, atMost: 0)
    #expect(goal.outcome(for: nil) == .unknown)
    #expect(!Self.result(goal).isAsWanted(times: true))
    #expect(!Self.result(goal).isAsWanted(times: false))
  }

  /// A smoke run's times mean nothing, its counts do.
  @Test func goalsAboutTimesCanBeLeftOut() {
    let result = Self.result(.nanosecondsPerRecord(atMost: 1))
    #expect(!result.isAsWanted(times: true))
    #expect(result.isAsWanted(times: false))
  }

  @Test func aGoalSaysWhatItWants() {
    #expect(Goal.recordsPerSecond(atLeast: 40e6).description == "records/s >= 40M")
    #expect(Goal.latency(.p999, atMost: 5000).description == "p99.9 ns <= 5000")
  }

  @Test func figuresAreThoseOfTheMedian() {
    var result = Self.result(.ratio(atLeast: 0.5))
    var body = Series(iterations: 1)
    for nanoseconds in [64.0, 32, 1000] { body.add(nanoseconds) }
    result.timing = Timing(body: body, limit: nil)
    #expect(result[.nanosecondsPerRecord] == 8)
    #expect(result[.recordsPerSecond] == 125e6)
    #expect(result[.gigabytesPerSecond] == 2)
    #expect(result[.ratio] == nil)
  }

  private static func result(_ goal: Goal) -> BenchmarkResult {
    BenchmarkResult(
      Benchmark("any", records: 8, bytes: 128, goals: [goal]) { Routine(body: { _ in }) })
  }
}
