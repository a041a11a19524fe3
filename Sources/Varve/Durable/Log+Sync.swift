internal import VarveSystem

extension Log {
  /// Brings to the device what has been appended before this call.
  ///
  /// Of every segment up to the end, and the name of the last one: a segment is found by its name
  /// alone, and has it once those before it have their final form. So where a roll is under way, this
  /// does the rest of it first.
  func syncOnce() throws(LogError) -> DurableMark {
    while true {
      let target = tail.withLock { SyncTarget($0) }
      if let refusal = target.refusal { throw refusal }
      guard target.offset > commits.durableEnd else { return commits.durable }
      guard target.isNamed else {
        try sealWaiting()
        continue
      }
      do throws(SystemError) {
        try sync(try target.segment.openFile())
      } catch {
        throw LogError(error, "sync \(directory)")
      }
      return target.mark
    }
  }

  /// Syncs a file of the log. The first failure is the last: the kernel reports it once, and takes
  /// the pages for clean from then on, so that a second sync would succeed and mean nothing.
  func sync(_ file: OpenFile) throws(SystemError) {
    do throws(SystemError) {
      try file.syncData()
    } catch {
      poison(error)
      throw error
    }
  }
}

/// Up to where a sync that begins now reaches.
struct SyncTarget {
  let segment: SegmentFile
  let position: Int
  let offset: Offset
  /// Bytes appended since the log was opened.
  let byteCount: Int
  let refusal: LogError?

  init(_ tail: borrowing TailState) {
    segment = tail.segment
    position = tail.position
    offset = Offset(rawValue: tail.nextOffset)
    byteCount = tail.appendedByteCount
    refusal = tail.refusal
  }

  /// Whether the segment has its own name: then those before it are sealed.
  var isNamed: Bool { segment.name == .own }

  var mark: DurableMark {
    DurableMark(offset: offset, segmentBase: segment.baseOffset, position: position)
  }
}
