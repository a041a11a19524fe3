extension Runner {
  /// Takes samples of the body and of the limit in turn, so that both meet the same weather.
  func time(_ body: Workload, limit: Workload?) throws -> Timing {
    var bodySampler = try sampler(of: body)
    var limitSampler = try limit.map(sampler)
    for _ in 0..<settings.samples {
      try bodySampler.sample()
      try limitSampler?.sample()
    }
    return Timing(body: bodySampler.series, limit: limitSampler?.series)
  }

  /// Finds out how many iterations a sample has, and lets the machine see such a sample.
  private func sampler(of workload: Workload) throws -> Sampler {
    let iterations = try workload.calibrate(to: settings.nanosecondsPerSample)
    try MemoryWarmth.touch(for: workload, iterations: iterations)
    try workload.warmUp(iterations)
    return Sampler(workload: workload, series: Series(iterations: iterations))
  }
}

/// A workload and the samples taken of it.
private struct Sampler {
  let workload: Workload
  var series: Series

  mutating func sample() throws {
    series.add(try workload.time(series.iterations))
  }
}
