extension BenchmarkResult {
  var json: JSONValue {
    .members([
      "name": .string(name),
      "recordsPerIteration": .integer(Int64(records)),
      "bytesPerIteration": .integer(Int64(bytes)),
      "nanosecondsPerIteration": .optional(timing?.body, \.json),
      "limitNanosecondsPerIteration": .optional(timing?[reference: limitName], \.json),
      "ratio": .optional(timing?.ratio(to: limitName), \.json),
      "references": .array(referencesJSON),
      "nanosecondsPerRecord": .optional(self[.nanosecondsPerRecord], JSONValue.number),
      "recordsPerSecond": .optional(self[.recordsPerSecond], JSONValue.number),
      "gigabytesPerSecond": .optional(self[.gigabytesPerSecond], JSONValue.number),
      "limitGigabytesPerSecond": .optional(
        gigabytesPerSecond(nanoseconds(of: limitName)), JSONValue.number),
      "latencyNanoseconds": .optional(latency?.body, \.json),
      "latencyReferences": .array(
        (latency?.references ?? []).map {
          .members(["name": .string($0.name), "latencyNanoseconds": $0.latencies.json])
        }),
      "countsPerIteration": countsJSON,
      "tallies": .object(
        tallies.map { .init(name: $0.name, value: .optional($0.value, JSONValue.number)) }),
      "systemCallsByNumber": .optional(systemCallTrace, \.json),
      "systemCallsUnknown": .optional(systemCallsUnknown, JSONValue.string),
      "goals": .array(goals.map(json(of:))),
      "failure": .optional(failure, JSONValue.string),
    ])
  }

  /// Those beside the limit.
  private var referencesJSON: [JSONValue] {
    guard let timing else { return [] }
    return timing.references.filter { $0.name != limitName }.map {
      .members([
        "name": .string($0.name),
        "nanosecondsPerIteration": $0.series.json,
        "ratio": .optional(timing.ratio(to: $0.name), \.json),
      ])
    }
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

extension Latencies {
  /// The medians of all runs, and then each.
  fileprivate var json: JSONValue {
    let quantiles = Quantile.allCases.map {
      JSONValue.Member(name: $0.rawValue, value: .integer(Int64(clamping: value(at: $0))))
    }
    return .object(
      [.init(name: "count", value: .integer(Int64(clamping: count)))] + quantiles + [
        .init(name: "runs", value: .array(runs.map(\.json))),
        .init(
          name: "kinds",
          value: .object(kinds.map { .init(name: $0.name, value: $0.histogram.json) })
        ),
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
