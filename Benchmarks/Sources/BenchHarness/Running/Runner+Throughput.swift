extension Runner {
  /// Takes samples of the body and of what it is held against in turn, so that all meet the same
  /// weather.
  func time(_ body: Routine) throws -> Timing {
    let references = body.references
    var bodySampler = try sampler(of: body)
    var samplers = try references.map { try sampler(of: $0.routine) }
    for _ in 0..<settings.samples(of: body.extent) {
      try bodySampler.sample()
      for index in samplers.indices { try samplers[index].sample() }
    }
    return Timing(
      body: bodySampler.series,
      references: zip(references, samplers).map { .init(name: $0.name, series: $1.series) })
  }

  /// Finds out how many iterations a sample has, and lets the machine see such a sample.
  private func sampler(of routine: Routine) throws -> Sampler {
    let workload = Workload(routine)
    let iterations = try workload.calibrate(to: settings.nanosecondsPerSample)
    try FirstTouch.pay(for: workload, iterations: iterations)
    try workload.warmUp(iterations)
    routine.latencies?.clear()
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

extension Routine {
  /// What it recorded beside its time, and what it is held against did.
  var recorded: LatencyTiming? {
    latencies.map { own in
      LatencyTiming(
        body: own.latencies,
        references: references.compactMap { reference in
          reference.routine.latencies.map { .init(name: reference.name, latencies: $0.latencies) }
        })
    }
  }
}
