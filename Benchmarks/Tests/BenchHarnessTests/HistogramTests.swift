import Testing

@testable import BenchHarness

struct HistogramTests {
  @Test func theErrorIsWithinAHundredth() {
    #expect(Histogram.maximumRelativeError <= 0.01)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func percentilesAreThoseOfTheSortedValues(seed: UInt64) {
    var random = SplitMix(state: seed)
    let values = (0..<20_000).map { _ in random.nextOfAnyMagnitude() }.sorted()
    let histogram = Self.histogram(of: values)
    for fraction in [0.0001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1] {
      let exact = values[max(0, Int((fraction * Double(values.count)).rounded(.up)) - 1)]
      let found = histogram.value(at: fraction)
      #expect(found >= exact)
      #expect(Double(found - exact) <= Double(exact) * Histogram.maximumRelativeError)
    }
  }

  @Test func smallValuesAreExact() {
    for value in 0..<256 as Range<UInt64> {
      #expect(Histogram.Layout.largestValue(of: Histogram.Layout.bucket(of: value)) == value)
    }
  }

  @Test func bucketsFollowOneAnotherWithoutAGap() {
    for bucket in 0..<Histogram.Layout.bucketCount - 1 {
      let largest = Histogram.Layout.largestValue(of: bucket)
      #expect(Histogram.Layout.bucket(of: largest) == bucket)
      #expect(Histogram.Layout.bucket(of: largest + 1) == bucket + 1)
    }
    #expect(Histogram.Layout.bucket(of: .max) == Histogram.Layout.bucketCount - 1)
    #expect(Histogram.Layout.largestValue(of: Histogram.Layout.bucketCount - 1) == .max)
  }

  @Test func theEndsAreExact() {
    let histogram = Self.histogram(of: [1_000_003, 5_000_011])
    #expect(histogram.minimum == 1_000_003)
    #expect(histogram.value(at: .max) == 5_000_011)
  }

  @Test func anEmptyOneHasNothingToTell() {
    #expect(Histogram().value(at: .p99) == 0)
    #expect(Histogram().count == 0)
  }

  @Test func mergingIsAsGoodAsRecordingAllInOne() {
    var random = SplitMix(state: 4)
    let values = (0..<5000).map { _ in random.nextOfAnyMagnitude() }
    var merged = Self.histogram(of: Array(values[..<1000]))
    merged.merge(Self.histogram(of: Array(values[1000...])))
    let whole = Self.histogram(of: values)
    #expect(merged.count == whole.count)
    #expect(merged.minimum == whole.minimum)
    for quantile in Quantile.allCases {
      #expect(merged.value(at: quantile) == whole.value(at: quantile))
    }
  }

  private static func histogram(of values: [UInt64]) -> Histogram {
    var histogram = Histogram()
    for value in values { histogram.record(value) }
    return histogram
  }
}
