import Varve

/// To open the log in a directory, append records with keys to it from several threads, and clean it
/// again and again meanwhile, until the process is killed.
struct Compacting: Hashable, Sendable {
  /// What there is to clean.
  enum Kind: String, CaseIterable, Sendable {
    /// As soon as there is something; of all keys so little is left that it is one segment.
    case toOne
    /// Five segments and more at a time, of which two or three are left.
    case toSeveral
    /// The oldest of so many go, whatever they hold.
    case away
  }

  var directory: String
  var writer: LogConfiguration.TailWriter
  var kind: Kind
  var threadCount: Int
  /// What tells this child's records from all others.
  var seed: UInt64
  /// Where it reports to.
  var reports: Int32 = ReportPipe.usualDescriptor

  /// So small that there are always some to clean.
  static let segmentByteCount = 32 << 10

  var configuration: LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = Self.segmentByteCount
    configuration.tailWriter = writer
    // What is deleted is to be gone soon, too.
    configuration.cleaner = .compact(minimumDirtyRatio: 0, deleteRetention: .zero)
    if kind == .away { configuration.cleaner = .delete(beyondBytes: 3 * Self.segmentByteCount) }
    return configuration
  }

  /// How many segments there are to be before they are cleaned.
  var segmentCount: Int { kind == .toOne ? 0 : 7 }

  /// How many keys each thread has, so that it is known which record of a key came last.
  var keyCount: UInt64 { kind == .toOne ? 12 : 200 }

  func record(thread: Int, serial: Int) -> KeyedRecord {
    KeyedRecord(seed: seed, thread: thread, serial: serial, keyCount: keyCount)
  }
}

extension Compacting {
  init(_ settings: Settings) throws(Refusal) {
    directory = try settings.text("directory")
    writer = try settings.writer
    let name = try settings.text("kind")
    guard let kind = Kind(rawValue: name) else { throw .usage("there is no cleaning \(name)") }
    self.kind = kind
    threadCount = try settings.number("threads")
    seed = try settings.number("seed")
    reports = try settings.number("reports")
  }

  var arguments: [String] {
    [
      "directory=\(directory)", "writer=\(writer)", "kind=\(kind.rawValue)",
      "threads=\(threadCount)", "seed=\(seed)", "reports=\(reports)",
    ]
  }
}
