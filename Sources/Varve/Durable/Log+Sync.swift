internal import Synchronization
internal import VarveSystem

extension Log {
  /// Brings to the device what has been appended before this call.
  ///
  /// Of every segment up to the end, and the name of the last one: a segment is found by its name
  /// alone, and has it once those before it have their final form. So where a roll is under way, this
  /// does the rest of it first.
  func syncOnce() throws(LogError) -> DurableMark {
    do throws(LogError) {
      return try syncToEnd()
    } catch {
      // Whoever syncs hears what all hear who wait.
      throw commits.failure ?? error
    }
  }

  private func syncToEnd() throws(LogError) -> DurableMark {
    while true {
      let target = tail.withLock { SyncTarget(&$0) }
      if let refusal = target.refusal { throw refusal }
      guard target.mark > commits.durable else { return commits.durable }
      guard target.isNamed, commits.durable.segmentBase >= target.segment.baseOffset else {
        try sealWaiting()
        continue
      }
      do throws(SystemError) {
        try sync(try target.segment.openFile())
      } catch {
        throw LogError(error, "sync \(directory)")
      }
      noteSync(of: target)
      return target.mark
    }
  }

  /// Syncs a file of the log. The first failure is the last: the kernel reports it once, and takes
  /// the pages for clean from then on, so that a second sync would succeed and mean nothing.
  ///
  /// So they go one after the other, and what is kept of a failure lies under the same lock. Whoever
  /// only looked behind his sync whether another one has failed might look too early: the other thread
  /// has been told by the kernel and has not said so yet, while he opens the same file, syncs it, and
  /// hears nothing. He seldom waits: what lies behind a roll is synced once all before it is sealed.
  func sync(_ file: OpenFile) throws(SystemError) {
    var first: SystemError?
    // Not under the lock: those are woken who wait, and may go on by this very thread.
    defer { if let first { poison(first) } }
    try syncing.withLock { failure throws(SystemError) in
      if let failure { throw failure }
      do throws(SystemError) {
        try syncTimed(file)
      } catch {
        (failure, first) = (error, error)
        throw error
      }
    }
  }

  private func syncTimed(_ file: OpenFile) throws(SystemError) {
    let begin = environment.time.monotonicNanoseconds
    do throws(SystemError) {
      try file.syncData()
    } catch {
      meters.noteSyncFailure()
      throw error
    }
    meters.noteSync(nanoseconds: environment.time.monotonicNanoseconds - begin)
  }

  private func noteSync(of target: SyncTarget) {
    sideFile?.note(target.mark)
    let mapping = tail.withLock { tail -> Mapping? in
      tail.habit.noteSync(byteCount: target.byteCount)
      return tail.habit.prefersCalls ? tail.dropMapping() : nil
    }
    if let mapping { runtime.reap(mapping) }
  }
}

/// Up to where a sync that begins now reaches.
struct SyncTarget {
  let segment: SegmentFile
  /// Bytes appended since the log was opened.
  let byteCount: Int
  let mark: DurableMark
  let refusal: LogError?

  init(_ tail: inout TailState) {
    segment = tail.segment
    byteCount = tail.appendedByteCount
    mark = tail.mark
    refusal = tail.refusal
    tail.planSync()
  }

  /// Whether the segment has its own name.
  var isNamed: Bool { segment.name == .own }
}

extension TailState {
  /// What is durable once all is.
  var mark: DurableMark {
    DurableMark(
      offset: Offset(rawValue: nextOffset), segmentBase: segment.baseOffset, position: position)
  }
}
