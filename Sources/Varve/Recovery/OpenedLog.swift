internal import VarveSystem

/// What opening a log has found, on its way into a ``Log``.
struct OpenedLog: ~Copyable {
  let directory: String
  let mode: Log.Mode
  let configuration: LogConfiguration
  let environment: LogEnvironment
  let tailWriter: LogConfiguration.TailWriter
  let knowsResidency: Bool
  let keepsAllocations: Bool
  let table: SegmentTable
  let sideFile: SideFile?
  let epochs: EpochLedger
  let nextSpareNumber: Int
  var tail: TailState
  let aborted: AbortedTransactions
  /// How much of it is on the device.
  let durable: DurableMark
  /// Up to where it was compacted.
  let cleanedBelow: Offset
  /// Whether somebody else wrote it, Kafka say, or took it elsewhere meanwhile.
  let isForeign: Bool
  let report: RecoveryReport?
  /// Of a log that is to be written.
  var lock: DirectoryLock?

  /// The same with the lock under which it was opened.
  consuming func holding(_ lock: DirectoryLock?) -> OpenedLog {
    self.lock = lock
    return self
  }
}
