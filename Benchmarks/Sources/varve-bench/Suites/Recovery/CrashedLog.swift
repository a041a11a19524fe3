import BenchHarness
import Glibc
import Varve

/// A log as a process leaves it that is killed, to be opened as often as is wanted.
///
/// It is left by whoever wrote it without being closed, which is all that a kill does to a log: its
/// files stay as they are, with what was allocated ahead. A recovery changes no batch, so that it
/// can be done again once the rest is as it was: what the side file says, and that space.
final class CrashedLog {
  let plan: AppendPlan
  private let directory: WorkDirectory
  private let image: DirectoryImage
  private var log: Log?

  /// - Parameter isFlushed: Whether all of it was on the device when it crashed.
  init(_ plan: AppendPlan, isFlushed: Bool, in directory: WorkDirectory) throws {
    self.plan = plan
    self.directory = directory
    log = try Self.filled(plan, isFlushed: isFlushed, in: directory)
    image = try DirectoryImage(of: LogUnderTest.path(in: directory), keeping: "varve.side")
    try abandon()
  }

  private static func filled(
    _ plan: AppendPlan, isFlushed: Bool, in directory: WorkDirectory
  ) throws -> Log {
    let memory = plan.warmMemory()
    defer { withExtendedLifetime(memory) {} }
    let log = try LogUnderTest.open(in: directory, plan)
    try LogLoops.append(try plan.shape.batch(), to: log, times: plan.batchCount)
    if isFlushed { try log.flush() }
    return log
  }

  /// What a recovery goes through at the least.
  var batchByteCount: Int { plan.batchCount * plan.shape.byteCount }

  /// The only segment, if there is one.
  var segmentPath: String {
    "\(LogUnderTest.path(in: directory))/\(String(repeating: "0", count: 20)).log"
  }

  /// Opens it. To be followed by ``abandon()``.
  func recover() throws {
    log = try LogUnderTest.open(in: directory, plan)
  }

  /// What the last recovery reported.
  var report: RecoveryReport {
    get throws {
      guard let report = log?.recovery, report.damage.isEmpty, report.cutByteCount == 0,
        Int(report.end.rawValue) == plan.batchCount * plan.shape.recordCount
      else { throw UnexpectedRecovery(report: log?.recovery) }
      return report
    }
  }

  struct UnexpectedRecovery: Error {
    let report: RecoveryReport?
  }

  /// Leaves the log again, and its files as they were.
  func abandon() throws {
    try letGo()
    try image.restore()
  }

  /// Maintenance may have it for a moment yet, and its lock with it.
  private func letGo() throws {
    weak let abandoned = log
    log = nil
    for _ in 0..<5000 where abandoned != nil { usleep(1000) }
    guard abandoned == nil else { throw StillThere() }
  }

  struct StillThere: Error {}
}
