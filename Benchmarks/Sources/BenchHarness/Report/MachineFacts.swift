/// What a figure has to be seen together with.
struct MachineFacts: Sendable, Hashable {
  let processor: String
  let cores: Int
  let kernel: String
  let pageSize: Int
  let swift: String
  let isOptimized: Bool
  let date: String
  /// How the clock rate is governed, where the kernel tells. Few virtual machines do.
  let governor: String?
  /// The load in the last minute: other programs' too.
  let load: Double?
  /// What the program adds, by name.
  let others: [String: String]
}

extension MachineFacts {
  var json: JSONValue {
    .members([
      "processor": .string(processor),
      "cores": .integer(Int64(cores)),
      "kernel": .string(kernel),
      "pageSize": .integer(Int64(pageSize)),
      "swift": .string(swift),
      "optimized": .bool(isOptimized),
      "date": .string(date),
      "governor": .optional(governor, JSONValue.string),
      "loadAverage": .optional(load, JSONValue.number),
      "others": .object(
        sortedOthers.map { .init(name: $0.key, value: .string($0.value)) }),
    ])
  }

  /// A line or two to stand above a table.
  var text: String {
    let load = load.map { NumberText.fixed($0, digits: 2) } ?? "unknown"
    let others = sortedOthers.map { ", \($0.key) \($0.value)" }.joined()
    return """
      \(processor), \(cores) cores, Linux \(kernel), Swift \(swift), \(date)
      load \(load), governor \(governor ?? "unknown"), pages of \(pageSize) bytes\(others)
      """
  }

  private var sortedOthers: [(key: String, value: String)] {
    others.sorted { $0.key < $1.key }
  }
}
