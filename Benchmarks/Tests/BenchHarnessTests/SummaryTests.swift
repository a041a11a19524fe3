import Testing

@testable import BenchHarness

struct SummaryTests {
  @Test func theMedianOfAnOddNumberIsTheMiddleOne() throws {
    let summary = try #require(Summary([5, 1, 9]))
    #expect(summary.median == 5)
    #expect(summary.minimum == 1)
    #expect(summary.maximum == 9)
  }

  @Test func theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() throws {
    #expect(try #require(Summary([4, 1, 100, 2])).median == 3)
  }

  @Test func oneSampleIsAllThereIs() throws {
    let summary = try #require(Summary([7]))
    #expect([summary.median, summary.minimum, summary.maximum] == [7, 7, 7])
  }

  @Test func noSamplesHaveNoSummary() {
    #expect(Summary([]) == nil)
  }

  @Test func ratiosAreTakenPairByPair() throws {
    // The machine slows down by ten in the middle. The quotient of the medians would be 1.
    let limit = [10.0, 100, 1000]
    let body = [20.0, 200, 100]
    let ratio = try #require(Summary.ofRatios(limit, over: body))
    #expect(ratio.median == 0.5)
    #expect(ratio.maximum == 10)
  }

  @Test func theRatioOfATimingIsTheShareOfTheLimitsSpeed() {
    var body = Series(iterations: 10)
    var limit = Series(iterations: 100)
    body.add(400)
    limit.add(1000)
    #expect(
      Timing(body: body, references: [.init(name: limitName, series: limit)])
        .ratio(to: limitName)?.median == 0.25)
    #expect(Timing(body: body).ratio(to: limitName) == nil)
  }
}
