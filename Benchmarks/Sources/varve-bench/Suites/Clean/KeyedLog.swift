import BenchHarness
import Varve

/// A log of records with keys, some of which count no more, to be compacted again and again: each time it
/// is made anew, of links to files that compaction replaces and never writes to.
final class KeyedLog {
  private let plan: KeyedPlan
  private let pristine: String
  private let copy: String
  /// Bytes of what is compacted.
  let byteCount: Int
  /// Its segments, for whoever goes through the same bytes.
  let segmentPaths: [String]
  private let activeName: String
  private var log: Log?

  init(_ plan: KeyedPlan, in directory: WorkDirectory) throws {
    self.plan = plan
    pristine = try directory.makeDirectory("pristine-0")
    copy = "\(directory.path)/benchmark-0"
    let log = try Log.open(at: pristine, configuration: plan.configuration)
    try plan.append(to: log)
    // What is appended to is not compacted.
    try log.roll()
    let names = log.segments.map { KeyedLog.name(of: $0.baseOffset) }
    activeName = names[names.count - 1]
    segmentPaths = names.dropLast().map { [pristine] in "\($0).log".inDirectory(pristine) }
    byteCount = log.segments.reduce(0) { $0 + $1.byteCount }
    try LogUnderTest.close(log)
  }

  private static func name(of base: Offset) -> String {
    let digits = String(base.rawValue)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  /// Opens it as it was.
  func renew() throws {
    try DirectoryClone.make(of: pristine, at: copy) { [activeName] name in
      name == "varve.side" || name.hasPrefix(activeName)
    }
    log = try Log.open(at: copy, configuration: plan.configuration)
  }

  /// Compacts it, on a thread of this log's runtime, and waits for that.
  func compact() throws -> CompactionReport {
    guard let report = try log?.clean().compaction else { throw NothingToCompact() }
    return report
  }

  func append(_ batch: RecordBatch) throws { try log?.append(batch) }

  struct NothingToCompact: Error {}

  /// Removes what ``renew()`` made.
  func discard() throws {
    if let log { try LogUnderTest.close(log) }
    log = nil
    try DirectoryClone.remove(copy)
  }
}

extension String {
  fileprivate func inDirectory(_ path: String) -> String { "\(path)/\(self)" }
}
