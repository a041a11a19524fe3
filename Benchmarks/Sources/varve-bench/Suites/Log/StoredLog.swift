import BenchHarness
import Varve

/// A log that was filled, closed and opened again, and a reader of the same files beside it.
final class StoredLog {
  private let log: Log
  private let recordCount: Int
  private let directory: String
  private let plan: AppendPlan

  init(_ plan: AppendPlan, in directory: WorkDirectory) throws {
    try LogUnderTest.fill(directory, plan)
    log = try LogUnderTest.open(in: directory, plan)
    recordCount = plan.batchCount * plan.shape.recordCount
    self.directory = LogUnderTest.path(in: directory)
    self.plan = plan
    try warm()
  }

  /// Opens each segment and reads its indexes, which is not what is measured. Nor could it be
  /// counted: Swift 6.3.1 crashes where references to short strings are counted, as in file names.
  private func warm() throws {
    for segment in log.segments where segment.byteCount > 0 {
      try log.withRecord(at: segment.baseOffset) { blackHole($0.value?.byteCount) }
    }
  }

  /// Opens as many files as there are segments.
  var reader: BareReader {
    get throws {
      try BareReader(
        of: directory, batchByteCount: plan.shape.byteCount, batchCount: plan.batchCount)
    }
  }

  func close() throws { try LogUnderTest.close(log) }

  func lookUp(_ times: Int) throws {
    try LogLoops.lookUp(in: log, below: recordCount, times: times)
  }

  func scan(_ batches: Int) throws {
    try LogLoops.scan(log, batches: batches)
  }

  /// The same of what is known to count, which is all.
  func scanCommitted(_ batches: Int) throws {
    try LogLoops.scan(log, batches: batches, .lastStable)
  }
}
