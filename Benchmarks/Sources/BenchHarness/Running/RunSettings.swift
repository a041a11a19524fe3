/// How long and how often to measure.
struct RunSettings: Sendable, Hashable {
  /// Odd, so that the median is a sample.
  var samples = 15
  /// What a sample is to last.
  var secondsPerSample = 0.05
  /// The most iterations of a counting pass: exact is exact, after a few as after many.
  var countedIterations = 1000

  /// Everything runs and nothing is worth quoting.
  static let smoke = RunSettings(samples: 3, secondsPerSample: 0.001, countedIterations: 100)

  var nanosecondsPerSample: Double { secondsPerSample * 1e9 }
}
