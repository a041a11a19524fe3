import BenchHarness

/// What a log took, the most of all samples, and how long things took, the median.
final class SegmentWatch {
  static let openNanoseconds = "open, ns"
  static let descriptors = "descriptors"
  static let mappings = "mappings"
  static let kibibytes = "KiB of memory"

  private var before = ProcessResources()
  private var mostDescriptors: Int?
  private var mostMappings: Int?
  private var mostBytes: Int?
  private var openings: [Double] = []
  private var closings: [Double] = []
  private var lookUps: [Double] = []
  private var appends: [Double] = []

  func begin() { before = ProcessResources() }

  func end() {
    let after = ProcessResources()
    Self.raise(&mostDescriptors, to: after.descriptors, over: before.descriptors)
    Self.raise(&mostMappings, to: after.mappings, over: before.mappings)
    Self.raise(&mostBytes, to: after.ownByteCount, over: before.ownByteCount)
  }

  private static func raise(_ most: inout Int?, to after: Int?, over before: Int?) {
    guard let after, let before else { return }
    most = max(most ?? 0, after - before)
  }

  func opening(_ body: () throws -> Void) rethrows {
    try Self.time(&openings, 1) { _ in try body() }
  }

  func closing(_ body: () throws -> Void) rethrows {
    try Self.time(&closings, 1) { _ in try body() }
  }

  func lookingUp(_ times: Int, _ body: (Int) throws -> Void) rethrows {
    try Self.time(&lookUps, times, body)
  }

  func appending(_ times: Int, _ body: (Int) throws -> Void) rethrows {
    try Self.time(&appends, times, body)
  }

  private static func time(
    _ samples: inout [Double], _ times: Int, _ body: (Int) throws -> Void
  ) rethrows {
    let start = Clock.now
    try body(times)
    samples.append(Double(Clock.now - start) / Double(times))
  }

  var tallies: [Tally] {
    [
      Tally("append, ns") { [self] in Self.median(appends) },
      Tally("look-up, ns") { [self] in Self.median(lookUps) },
      Tally(Self.openNanoseconds) { [self] in Self.median(openings) },
      Tally("close, ns") { [self] in Self.median(closings) },
      Tally(Self.kibibytes) { [self] in mostBytes.map { Double($0 / 1024) } },
      Tally(Self.descriptors) { [self] in mostDescriptors.map(Double.init) },
      Tally(Self.mappings) { [self] in mostMappings.map(Double.init) },
    ]
  }

  private static func median(_ samples: [Double]) -> Double? {
    samples.isEmpty ? nil : samples.sorted()[samples.count / 2]
  }
}
