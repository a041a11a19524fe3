import Varve

/// To open the log in a directory, append records with keys to it from several threads, and compact it
/// again and again meanwhile, until the process is killed.
struct Compacting: Hashable, Sendable {
  var directory: String
  var writer: LogConfiguration.TailWriter
  var threadCount: Int
  /// What tells this child's records from all others.
  var seed: UInt64
  /// Where it reports to.
  var reports: Int32 = ReportPipe.usualDescriptor

  /// So small that there are always some to compact.
  static let segmentByteCount = 32 << 10

  var configuration: LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = Self.segmentByteCount
    configuration.tailWriter = writer
    // What is deleted is to be gone soon, too.
    configuration.cleaner = .compact(minimumDirtyRatio: 0, deleteRetention: .zero)
    return configuration
  }
}

extension Compacting {
  init(_ settings: Settings) throws(Refusal) {
    directory = try settings.text("directory")
    writer = try settings.writer
    threadCount = try settings.number("threads")
    seed = try settings.number("seed")
    reports = try settings.number("reports")
  }

  var arguments: [String] {
    [
      "directory=\(directory)", "writer=\(writer)", "threads=\(threadCount)", "seed=\(seed)",
      "reports=\(reports)",
    ]
  }
}
