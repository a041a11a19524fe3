import Testing
import Varve

/// How long things took, counted.
@Suite struct HistogramTests {
  @Test func eachTimeHasItsBucket() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    for nanoseconds: Int64 in [0, 999, 1000, 1999, 2000, 1_000_000, .max, -5] {
      histogram.record(nanoseconds: nanoseconds)
    }
    #expect(histogram.count == 8 && histogram.counts.reduce(0, +) == 8)
    #expect(histogram.counts[0] == 3 && histogram.counts[1] == 2 && histogram.counts[2] == 1)
    #expect(histogram.counts[10] == 1 && histogram.counts.last == 1)
    #expect(LatencyHistogram.upperBound(ofBucket: 0) == .microseconds(1))
    #expect(LatencyHistogram.upperBound(ofBucket: 10) == .microseconds(1024))
    #expect(LatencyHistogram.upperBound(ofBucket: LatencyHistogram.bucketCount - 1) == nil)
    #expect(histogram.maximum == .nanoseconds(Int64.max))
  }

  @Test func quantilesAndSums() {
    var fast = LatencyHistogram()
    for _ in 0..<99 { fast.record(nanoseconds: 3000) }
    var slow = LatencyHistogram()
    slow.record(nanoseconds: 50_000_000)
    #expect(slow.quantile(0.01) == .milliseconds(50))
    fast.add(slow)
    #expect(fast.count == 100 && fast.maximum == .milliseconds(50))
    #expect(fast.quantile(0.5) == .microseconds(4) && fast.quantile(0.99) == .microseconds(4))
    #expect(fast.quantile(1) == .milliseconds(50))
    #expect(fast.total == .microseconds(99 * 3) + .milliseconds(50))
  }
}
