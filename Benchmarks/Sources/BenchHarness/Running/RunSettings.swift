/// How long and how often to measure.
struct RunSettings: Sendable, Hashable {
  /// Odd, so that the median is a sample.
  var samples = 15
  /// Of benchmarks that say themselves how long a sample is, and so may be long. Odd as well.
  var exactSamples = 3
  /// What a sample is to last.
  var secondsPerSample = 0.05
  /// The most iterations of a counting pass: exact is exact, after a few as after many.
  var countedIterations = 1000

  /// Everything runs, and no time is worth quoting.
  static let smoke = RunSettings(
    samples: 3, exactSamples: 1, secondsPerSample: 0.001, countedIterations: 100)

  var nanosecondsPerSample: Double { secondsPerSample * 1e9 }

  func samples(of extent: Routine.Extent) -> Int {
    switch extent {
    case .timed: samples
    case .exactly: exactSamples
    }
  }
}
