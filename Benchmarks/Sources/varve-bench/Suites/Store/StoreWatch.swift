import BenchHarness

/// What a store took, the most of all samples, and how long things took, the median.
final class StoreWatch {
  static let openNanoseconds = "open, ns"
  static let descriptors = "descriptors"
  static let threads = "threads"
  static let kibibytes = "KiB of memory"

  private let memory = MemoryWatch()
  private var mostDescriptors: Int?
  private var mostMappings: Int?
  private var mostThreads: Int?
  private var openings: [Double] = []
  private var appends: [Double] = []
  private var closings: [Double] = []

  func begin() { memory.begin() }

  /// Takes into account what there is now.
  func look() {
    let now = ProcessResources()
    Self.raise(&mostDescriptors, to: now.descriptors)
    Self.raise(&mostMappings, to: now.mappings)
    Self.raise(&mostThreads, to: now.threads)
  }

  func end() { memory.end() }

  private static func raise(_ most: inout Int?, to now: Int?) {
    if let now { most = max(most ?? 0, now) }
  }

  func opening(_ body: () throws -> Void) rethrows { try Self.time(&openings, 1, body) }

  func appending(_ times: Int, _ body: () throws -> Void) rethrows {
    try Self.time(&appends, times, body)
  }

  func closing(_ body: () throws -> Void) rethrows { try Self.time(&closings, 1, body) }

  private static func time(
    _ samples: inout [Double], _ times: Int, _ body: () throws -> Void
  ) rethrows {
    let start = Clock.now
    try body()
    samples.append(Double(Clock.now - start) / Double(times))
  }

  var tallies: [Tally] {
    [
      Tally(Self.openNanoseconds) { [self] in Self.median(openings) },
      Tally("first append, ns") { [self] in Self.median(appends) },
      Tally("close, ns") { [self] in Self.median(closings) },
      Tally(Self.kibibytes) { [self] in memory.peakByteCount.map { Double($0 / 1024) } },
      Tally(Self.descriptors) { [self] in mostDescriptors.map(Double.init) },
      Tally("mappings") { [self] in mostMappings.map(Double.init) },
      Tally(Self.threads) { [self] in mostThreads.map(Double.init) },
    ]
  }

  private static func median(_ samples: [Double]) -> Double? {
    samples.isEmpty ? nil : samples.sorted()[samples.count / 2]
  }
}
