import BenchHarness
import Glibc
import Varve

/// How the suites open and close logs, and what they have to know of one.
enum LogUnderTest {
  static func open(in directory: WorkDirectory, _ plan: AppendPlan) throws -> Log {
    try Log.open(at: path(in: directory), configuration: configuration(plan))
  }

  static func close(_ log: Log) throws {
    try blocking { try await log.close() }
  }

  /// Where the segments are.
  static func path(in directory: WorkDirectory) -> String { "\(directory.path)/\(name)" }

  /// Opens one and waits until the log has got ready what it does ahead of appends, as the bare
  /// one is waited for. It is not synced, as the bare one is not, unless that is said.
  static func openPrepared(
    in directory: WorkDirectory, _ plan: AppendPlan, syncPolicy: SyncPolicy = .never
  ) throws -> Log {
    var configuration = configuration(plan)
    configuration.syncPolicy = syncPolicy
    configuration.preparedByteCount = min(plan.segmentByteCount, 256 << 20)
    let log = try Log.open(at: path(in: directory), configuration: configuration)
    // It gets some GB ready in a second.
    usleep(UInt32(configuration.preparedByteCount / 2000))
    return log
  }

  /// Appends all of a plan and closes, so that what is then opened has no tail in the making.
  static func fill(_ directory: WorkDirectory, _ plan: AppendPlan) throws {
    let log = try open(in: directory, plan)
    let batch = try plan.shape.batch()
    try LogLoops.append(batch, to: log, times: plan.batchCount)
    try close(log)
  }

  /// Where the rolls are is computed and not observed, so it is at least made sure of how many
  /// there were. Takes one more append, whose offset tells how many records came before.
  static func checkRolls(of log: Log, _ plan: AppendPlan) throws {
    let batch = try plan.shape.batch()
    let appended = Int(try log.append(batch).baseOffset.rawValue) / plan.shape.recordCount
    let expected = appended / plan.batchesInSegment + 1
    guard log.segments.count == expected else {
      throw UnexpectedSegments(expected: expected, found: log.segments.count)
    }
  }

  struct UnexpectedSegments: Error {
    let expected: Int
    let found: Int
  }

  private static let name = "benchmark-0"

  private static func configuration(_ plan: AppendPlan) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = plan.segmentByteCount
    return configuration
  }
}
