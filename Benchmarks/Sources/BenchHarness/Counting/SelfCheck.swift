/// A benchmark whose counts are known, so that a counter that doesn't count is found out.
enum SelfCheck {
  static let suite = Suite("self-check", [Benchmark("known-counts") { try routine() }])
  static let benchmark = suite.benchmarks[0]

  static func routine() throws -> Routine {
    let subject = Subject()
    return Routine(body: { iterations in
      for _ in 0..<iterations { subject.iterate() }
    })
  }

  /// What one iteration of it does.
  static let expected: [(counter: Counter, count: Double)] = [
    (.allocations, 3), (.frees, 3), (.allocatedBytes, 16 + 2 * 16 + 64),
    (.retains, 2), (.releases, 2), (.accessChecks, 2), (.systemCalls, 2),
  ]

  /// The counters that came to something else, and what.
  ///
  /// Unoptimised code does what it was written to do and more, so there a bound has to do.
  static func deviations(
    in counts: OperationCounts, exactly: Bool = BuildMode.isOptimized
  ) -> [Deviation] {
    expected.compactMap { counter, count in
      // Not knowing is not a deviation: the figure will be shown as unknown.
      guard let counted = counts[counter], counted < count || exactly && counted > count else {
        return nil
      }
      return Deviation(counter: counter, expected: count, counted: counted)
    }
  }

  struct Deviation: Sendable, Hashable, CustomStringConvertible {
    let counter: Counter
    let expected: Double
    let counted: Double

    var description: String {
      "\(counter.rawValue): \(NumberText.short(counted)) instead of \(NumberText.short(expected))"
    }
  }
}
