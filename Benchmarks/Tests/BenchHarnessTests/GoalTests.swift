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
    #expect(!Self.result(goal).shortcomings(by: .goals).isEmpty)
    #expect(!Self.result(goal).shortcomings(by: .counts).isEmpty)
  }

  /// A smoke run's times mean nothing, its counts do.
  @Test func goalsAboutTimesCanBeLeftOut() {
    let result = Self.result(.nanosecondsPerRecord(atMost: 1))
    #expect(!result.shortcomings(by: .goals).isEmpty)
    #expect(result.shortcomings(by: .counts).isEmpty)
  }

  @Test func aTallyThatIsExactIsWantedOfSmokeRunsToo() {
    var result = Self.result(.tally("waits", atMost: 2))
    result.tallies = [.init(name: "waits", value: 3)]
    #expect(!result.shortcomings(by: .counts).isEmpty)
    result.tallies = [.init(name: "waits", value: 2)]
    #expect(result.shortcomings(by: .goals).isEmpty)
    result = Self.result(.tally("bytes", atMost: 2, isExact: false))
    #expect(result.outcome(of: result.goals[0]) == .unknown)
    #expect(result.shortcomings(by: .counts).isEmpty)
  }

  /// A gate asks for half of a share of another's speed, for no time and for no tail.
  @Test func aGateIsGenerous() {
    var result = Self.result(.ratio(to: "slow", atLeast: 2))
    result.timing = Timing(
      body: Self.series([10]), references: [.init(name: "slow", series: Self.series([11]))])
    #expect(result.shortcomings(by: .halfOfRatios).isEmpty)
    #expect(
      result.shortcomings(by: .goals) == ["any: ratio to slow >= 2 was wanted, and is 1.1"])
    result.timing?.references = [.init(name: "slow", series: Self.series([9]))]
    #expect(
      result.shortcomings(by: .halfOfRatios)
        == ["any: ratio to slow >= 1 was wanted, and is 0.9"])
    result.timing?.references = []
    #expect(!result.shortcomings(by: .halfOfRatios).isEmpty)
    for goal in [
      Goal.nanosecondsPerRecord(atMost: 1), .latency(.p50, atMost: 1),
      .recordsPerSecond(atLeast: 1),
      .latency(.p50, of: "a", to: "b", atMost: 1), .tally("a", atMost: 1, isExact: false),
    ] {
      #expect(Self.result(goal).shortcomings(by: .halfOfRatios).isEmpty)
    }
    #expect(!Self.result(.tally("a", atMost: 1)).shortcomings(by: .halfOfRatios).isEmpty)
  }

  @Test func whatFailedIsNeverAsWanted() {
    var result = Self.result(.nanosecondsPerRecord(atMost: 1))
    result.failure = "no space"
    #expect(result.shortcomings(by: .counts) == ["any failed: no space"])
  }

  @Test func aGoalSaysWhatItWants() {
    #expect(Goal.recordsPerSecond(atLeast: 40e6).description == "records/s >= 40M")
    #expect(Goal.latency(.p999, atMost: 5000).description == "p99.9 ns <= 5000")
    #expect(Goal.ratio(atLeast: 0.5).description == "ratio >= 0.5")
    #expect(Goal.tally("flushes/sync", atMost: 1).description == "flushes/sync <= 1")
    #expect(
      Goal.ratio(to: "write(2)", atLeast: 4).description == "ratio to write(2) >= 4")
    #expect(
      Goal.latency(.p9999, of: "a", to: "b", atMost: 2).description == "p99.99, a to b <= 2")
  }

  @Test func figuresAreThoseOfTheMedian() {
    var result = Self.result(.ratio(atLeast: 0.5))
    var body = Series(iterations: 1)
    for nanoseconds in [64.0, 32, 1000] { body.add(nanoseconds) }
    result.timing = Timing(body: body)
    #expect(result[.nanosecondsPerRecord] == 8)
    #expect(result[.recordsPerSecond] == 125e6)
    #expect(result[.gigabytesPerSecond] == 2)
    #expect(result[.ratio(to: limitName)] == nil)
  }

  @Test func eachReferenceHasARatio() {
    var result = Self.result(.ratio(to: "slow", atLeast: 2))
    let body = Self.series([10, 20, 30])
    result.timing = Timing(
      body: body,
      references: [
        .init(name: limitName, series: Self.series([5, 10, 15])),
        .init(name: "slow", series: Self.series([30, 60, 90])),
      ])
    #expect(result[.ratio(to: limitName)] == 0.5)
    #expect(result[.ratio(to: "slow")] == 3)
    #expect(result[.ratio(to: "none")] == nil)
    #expect(result.shortcomings(by: .goals).isEmpty)
  }

  @Test func kindsOfOperationsAreCompared() {
    var result = Self.result(.latency(.p50, of: "rare", to: "usual", atMost: 2))
    var latencies = Latencies(kinds: ["rare", "usual"])
    for _ in 0..<2 {
      latencies.add(
        Self.histogram([30, 10, 10]), kinds: [Self.histogram([30]), Self.histogram([10, 10])])
    }
    result.latency = LatencyTiming(body: latencies)
    #expect(result[.latencyRatio(.p50, of: "rare", to: "usual")] == 3)
    #expect(result[.latencyRatio(.p50, of: "none", to: "usual")] == nil)
    #expect(!result.shortcomings(by: .goals).isEmpty)
    #expect(latencies.count == 6)
  }

  @Test func latenciesAreTheMedianOfTheRuns() {
    var latencies = Latencies()
    for nanoseconds: UInt64 in [10, 200, 30] { latencies.add(Self.histogram([nanoseconds])) }
    #expect(latencies.value(at: .p50) == 30)
    #expect(latencies.value(at: .max) == 30)
  }

  private static func series(_ nanoseconds: [Double]) -> Series {
    var series = Series(iterations: 1)
    for sample in nanoseconds { series.add(sample) }
    return series
  }

  private static func histogram(_ nanoseconds: [UInt64]) -> Histogram {
    var histogram = Histogram()
    for value in nanoseconds { histogram.record(value) }
    return histogram
  }

  private static func result(_ goal: Goal) -> BenchmarkResult {
    BenchmarkResult(
      Benchmark("any", records: 8, bytes: 128, goals: [goal]) { Routine(body: { _ in }) })
  }
}
