import Testing

@testable import BenchPlots

struct ScaleTests {
  @Test func valuesThatAreNearEachOtherBeginAtNothing() {
    let scale = Scale(fitting: [3, 11])
    #expect(!scale.isLogarithmic)
    #expect(scale.ticks == [0, 2, 4, 6, 8, 10, 12])
    #expect(scale.position(of: 0) == 0)
    #expect(scale.position(of: 6) == 0.5)
    #expect(scale.position(of: 12) == 1)
  }

  @Test func aStepIsReachedExactly() {
    #expect(Scale(fitting: [0.6]).ticks.count == 7)
    #expect(Scale(fitting: [10]).highest == 10)
    #expect(Scale(fitting: [1e9]).ticks.last == 1e9)
  }

  @Test func aWideRangeIsInDecades() {
    let scale = Scale(fitting: [20, 5000])
    #expect(scale.isLogarithmic)
    #expect(scale.ticks == [10, 100, 1000, 10_000])
    #expect(scale.position(of: 10) == 0)
    #expect(abs(scale.position(of: 100) - 1 / 3) < 1e-9)
    #expect(scale.position(of: 10_000) == 1)
  }

  @Test func theSmallestOfManyIsSeen() {
    let scale = Scale(fitting: [100, 5000])
    #expect(scale.lowest == 10)
    #expect(scale.position(of: 100) > 0.3)
  }

  @Test func whatIsBeyondEndsAtTheEdge() {
    let scale = Scale(fitting: [20, 5000])
    #expect(scale.position(of: 0) == 0)
    #expect(scale.position(of: -1) == 0)
    #expect(scale.position(of: 1e9) == 1)
  }

  @Test(arguments: [[], [0], [.infinity], [-3]] as [[Double]])
  func whatHasNoRangeHasAnAxis(values: [Double]) {
    let scale = Scale(fitting: values)
    #expect(scale.lowest == 0)
    #expect(scale.highest == 1)
  }
}
