import Foundation

/// What a process has of the machine.
struct Sample: Hashable, Sendable {
  var descriptorCount: Int
  var mappingCount: Int
  var residentByteCount: Int

  /// Of this process, now.
  static func now() throws -> Sample {
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    let statm = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Sample(
      descriptorCount: descriptors.count, mappingCount: maps.count { $0 == "\n" },
      residentByteCount: pages * Int(getpagesize()))
  }

  init(descriptorCount: Int, mappingCount: Int, residentByteCount: Int) {
    self.descriptorCount = descriptorCount
    self.mappingCount = mappingCount
    self.residentByteCount = residentByteCount
  }

  init?(_ words: some Sequence<String>) {
    let numbers = words.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    self.init(
      descriptorCount: numbers[0], mappingCount: numbers[1], residentByteCount: numbers[2])
  }

  /// The most of each.
  static func most(_ samples: some Sequence<Sample>) -> Sample? {
    samples.reduce(nil) { most, sample in
      guard let most else { return sample }
      return Sample(
        descriptorCount: max(most.descriptorCount, sample.descriptorCount),
        mappingCount: max(most.mappingCount, sample.mappingCount),
        residentByteCount: max(most.residentByteCount, sample.residentByteCount))
    }
  }
}

/// Whether what a process has stays what it was, once it has warmed up: facts in, what is wrong out.
struct Flatness {
  /// Fewer say nothing.
  static let leastCount = 9
  /// Beside half as much again: what comes and goes with the logs that do.
  private static let slack = Sample(
    descriptorCount: 32, mappingCount: 64, residentByteCount: 48 << 20)

  /// Nil where all is well.
  static func fault(in samples: [Sample]) -> String? {
    guard samples.count >= leastCount else { return nil }
    let third = samples.count / 3
    // The warm-up is the first third; what it came to is what is compared with.
    guard let first = Sample.most(samples.prefix(third)),
      let last = Sample.most(samples.suffix(third))
    else { return nil }
    func isMore(_ path: KeyPath<Sample, Int>) -> Bool {
      last[keyPath: path] > first[keyPath: path] * 3 / 2 + slack[keyPath: path]
    }
    let grown = [
      ("descriptors", \Sample.descriptorCount), ("mappings", \.mappingCount),
      ("resident bytes", \.residentByteCount),
    ].filter { isMore($0.1) }
    return grown.isEmpty
      ? nil
      : grown.map { "\($0.0) grew from \(first[keyPath: $0.1]) to \(last[keyPath: $0.1])" }
        .joined(separator: ", ")
  }
}
