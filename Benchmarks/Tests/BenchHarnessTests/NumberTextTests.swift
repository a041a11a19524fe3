import Testing

@testable import BenchHarness

struct NumberTextTests {
  @Test(arguments: [
    (0, 2, "0.00"), (1.005, 1, "1.0"), (0.05, 2, "0.05"), (-1.25, 2, "-1.25"), (-0.001, 2, "0.00"),
    (1234.6, 0, "1235"), (9.999, 2, "10.00"),
  ])
  func fixedHasSoManyDigits(value: Double, digits: Int, text: String) {
    #expect(NumberText.fixed(value, digits: digits) == text)
  }

  @Test(arguments: [
    (0.5, "0.5"), (150, "150"), (40e6, "40M"), (1.25e9, "1.25G"), (100, "100"), (0, "0"),
  ])
  func shortHasNoIdleDigits(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test(arguments: [(0, "0"), (3, "3"), (0.001, "<0.01"), (2.5, "2.50"), (1000, "1000")])
  func rareIsNotNever(value: Double, text: String) {
    #expect(NumberText.count(value) == text)
  }
}
