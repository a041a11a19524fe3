internal import FoundationEssentials

/// All runs that are shown together.
public struct Results: Codable, Sendable {
  var runs: [Run]

  /// Reads what runs have written, and what ``text`` was of others.
  ///
  /// - Parameter files: The contents of each.
  public init(decoding files: [some Collection<UInt8>]) throws {
    let runs = try files.flatMap { bytes in
      let data = Data(bytes)
      if let results = try? JSONDecoder().decode(Results.self, from: data) { return results.runs }
      return [try JSONDecoder().decode(Run.self, from: data)]
    }
    self.init(runs: Self.withoutRepetitions(runs))
  }

  /// Of what was measured more than once, the last: otherwise results would grow with each run.
  private static func withoutRepetitions(_ runs: [Run]) -> [Run] {
    var seen: Set<String> = []
    var kept: [Run] = []
    for var run in runs.reversed() {
      run.benchmarks.removeAll { seen.contains($0.name) }
      seen.formUnion(run.benchmarks.map(\.name))
      if !run.benchmarks.isEmpty { kept.append(run) }
    }
    return kept.reversed()
  }

  init(runs: [Run]) { self.runs = runs }

  /// All that is needed to show the same again, without each sample.
  public var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// The benchmark of that name, and the run that it is of.
  subscript(name: String) -> (measurement: Measurement, run: Run)? {
    for run in runs {
      if let measurement = run.benchmarks.first(where: { $0.name == name }) {
        return (measurement, run)
      }
    }
    return nil
  }
}
