public import VarveSystem

/// Who is told of what happens in a log, besides the errors that calls throw.
///
/// Calls come from Varve's own threads, of which two do this for all logs, and open and read as well: while
/// a call lasts, others may wait for one of them. None is made under a lock. Every requirement has a default
/// that does nothing.
public protocol LogObserver: AnyObject, Sendable {
  /// Something happened.
  func log(at directory: String, did event: LogEvent)
}

extension LogObserver {
  /// Does nothing.
  public func log(at directory: String, did event: LogEvent) {}
}

/// What can happen in a log. New cases may be added, so a `switch` needs a `default`.
public enum LogEvent: Hashable, Sendable {
  /// The log goes on in a new segment.
  case rolled(to: Offset, because: RollReason)
  /// A segment has got its final form. Unless the log's ``SyncPolicy`` leaves that out
  /// (``SyncPolicy/atRoll-swift.property``), it is on the device, too.
  case sealed(baseOffset: Offset)
  /// An index did not fit its segment. Look-ups go past it until it has been rebuilt.
  case indexWasWrong(baseOffset: Offset, detail: String)
  /// The index of a segment has been written anew.
  case indexWasRebuilt(baseOffset: Offset)
  /// A store into the mapping failed, or mapping is not possible; the log writes by calls.
  case tailFellBack(detail: String)
  /// Opening goes through a segment that is not known to be whole, and has read so much of it.
  case recovering(segment: Offset, readByteCount: Int, of: Int)
  /// Opening found the log as a crash, or somebody else, left it.
  case recovered(RecoveryReport)
  /// Slices that io_uring would have sent go another way, which needs a thread of Varve's to wait for
  /// devices. Told once.
  case ringUnavailable(RingSupport)
  /// Something that is done beside the appends failed. It will be tried again.
  case maintenanceFailed(LogError)
  /// The log was cut, and ends here: see ``Log/truncate(to:)-850wt``.
  case truncated(to: Offset)
  /// The log starts here from now on: see ``Log/deleteRecords(before:)-94bki``.
  case trimmed(to: Offset)
  /// Up to here the log is replicated now: see ``Log/highWatermark``.
  case highWatermarkMoved(to: Offset)
  /// A ``CleanerPolicy`` has had segments removed, or wanted what it cannot have.
  case cleaned(CleanerReport)
  /// Cleaning failed. It will be tried again.
  case cleaningFailed(LogError)
  /// The log's disk has little room, or none, or enough again.
  case diskStateChanged(DiskState)
  /// A part of the log was found to be lost, by a reader, by ``Log/verify()-2hgsw``, or by the scrubber.
  case damageFound(DamagedRange)
  /// The scrubber has been through the log, or could not: see ``Log/lastScrub``.
  case scrubbed(ScrubReport)
  /// A sync failed. The log takes no more appends.
  case poisoned(LogError)
}
