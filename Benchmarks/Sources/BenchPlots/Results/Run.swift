/// What a run of benchmarks has written, as far as it is shown.
public struct Run: Codable, Sendable {
  /// How it was started.
  var command: String?
  var machine: Machine
  var benchmarks: [Measurement]

  struct Machine: Codable, Sendable, Hashable {
    var processor: String
    var cores: Int
    var kernel: String
    var swift: String
    var date: String
    var loadAverage: Double?
    var others: [String: String]
  }
}

extension Run.Machine {
  /// A line to stand below a chart.
  var text: String {
    var parts = ["\(processor), \(cores) cores", "Linux \(kernel)"]
    if let fileSystem = others["file system"] { parts.append(fileSystem) }
    parts.append("Swift \(swift)")
    return parts.joined(separator: ", ")
  }

  /// Without the time of day.
  var day: String { String(date.prefix { $0 != "T" }) }

  /// What else the program has said of what it was built with.
  var libraries: String {
    others.filter { $0.key != "file system" }.sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
