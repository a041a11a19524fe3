extension Report {
  /// The whole report, with each sample in it.
  var json: JSONValue {
    .members([
      "format": .integer(1),
      "command": .optional(command, JSONValue.string),
      "machine": machine.json,
      "settings": settings.json,
      "selfCheck": selfCheck.json,
      "benchmarks": .array(results.map(\.json)),
    ])
  }
}

extension RunSettings {
  fileprivate var json: JSONValue {
    .members([
      "samples": .integer(Int64(samples)),
      "secondsPerSample": .number(secondsPerSample),
      "countedIterations": .integer(Int64(countedIterations)),
    ])
  }
}

extension SelfCheck.Outcome {
  fileprivate var json: JSONValue {
    .members([
      "passed": .bool(deviations.isEmpty),
      "deviations": .array(deviations.map { .string($0.description) }),
      "unknown": .array(unknown.map { .string($0.rawValue) }),
      "systemCallsUnknown": .optional(systemCallsUnknown, JSONValue.string),
    ])
  }
}
