extension BenchmarkResult {
  var json: JSONValue {
    .members([
      "name": .string(name),
      "recordsPerIteration": .integer(Int64(records)),
      "bytesPerIteration": .integer(Int64(bytes)),
      "nanosecondsPerIteration": .optional(timing?.body, \.json),
      "limitNanosecondsPerIteration": .optional(timing?.limit, \.json),
      "ratio": .optional(timing?.ratio, \.json),
      "nanosecondsPerRecord": .optional(self[.nanosecondsPerRecord], JSONValue.number),
      "recordsPerSecond": .optional(self[.recordsPerSecond], JSONValue.number),
      "gigabytesPerSecond": .optional(self[.gigabytesPerSecond], JSONValue.number),
      "limitGigabytesPerSecond": .optional(
        gigabytesPerSecond(limitNanoseconds), JSONValue.number),
      "latencyNanoseconds": .optional(latency, \.json),
      "countsPerIteration": countsJSON,
      "systemCallsByNumber": .optional(systemCallTrace, \.json),
      "systemCallsUnknown": .optional(systemCallsUnknown, JSONValue.string),
      "goals": .array(goals.map(json(of:))),
      "failure": .optional(failure, JSONValue.string),
    ])
  }

  private var countsJSON: JSONValue {
    .object(
      Counter.allCases.map {
        .init(name: $0.rawValue, value: .optional(counts[$0], JSONValue.number))
      })
  }

  private func json(of goal: Goal) -> JSONValue {
    .members([
      "goal": .string(goal.description),
      "measured": .optional(self[goal.figure], JSONValue.number),
      "outcome": .string(outcome(of: goal).rawValue),
    ])
  }
}

extension Series {
  fileprivate var json: JSONValue {
    .members([
      "iterations": .integer(Int64(iterations)),
      "summary": .optional(Summary(samples), \.json),
      "samples": .array(samples.map(JSONValue.number)),
    ])
  }
}

extension Summary {
  fileprivate var json: JSONValue {
    .members([
      "median": .number(median), "minimum": .number(minimum), "maximum": .number(maximum),
    ])
  }
}

extension Histogram {
  fileprivate var json: JSONValue {
    let quantiles = Quantile.allCases.map {
      JSONValue.Member(
        name: $0.rawValue, value: .integer(Int64(clamping: value(at: $0))))
    }
    return .object([.init(name: "count", value: .integer(Int64(clamping: count)))] + quantiles)
  }
}

extension SystemCallTrace {
  /// For an iteration, by the kernel's number of the call.
  fileprivate var json: JSONValue {
    .object(
      totalByNumber.sorted { $0.key < $1.key }.map { number, total in
        .init(name: String(number), value: .number(Double(total) / Double(iterations)))
      })
  }
}
