internal import VarveSystem

// SAFETY: of what is unsafe it has a reference that it owns itself, and gives nobody.
/// What a slice keeps: the file of its segment, which stays as long as this does, and a count among the
/// log's pins.
@safe
final class SegmentPin: Sendable {
  let segment: SegmentFile
  /// Retained by `init`, and released once, by `deinit` or on its behalf.
  private let reference: Unmanaged<OpenFile>
  private let table: PinTable
  let runtime: LogRuntime

  init(_ segment: SegmentFile, _ file: OpenFile, in table: PinTable, _ runtime: LogRuntime) {
    self.segment = segment
    unsafe reference = Unmanaged.passRetained(file)
    self.table = table
    self.runtime = runtime
    table.add(segment)
  }

  deinit {
    // SAFETY: nobody else has the pin any more.
    let reference = unsafe reference
    guard table.remove(segment, beforeLast: { unsafe reference.release() }) else { return }
    guard segment.removal != nil else { return unsafe reference.release() }
    // Without its name the file goes with its last reference, and that frees its space; and whoever lets go of a
    // slice is mostly a task. What a member holds would be held here still while others let go of it.
    runtime.reap(by: { unsafe reference.release() })
  }

  // SAFETY: as long as the pin is there, so is the file, and the caller has the pin.
  var file: OpenFile { unsafe reference.takeUnretainedValue() }
}

/// Which segments of a log are kept by slices. It does not keep the log.
final class PinTable: Sendable {
  private struct Entry {
    let segment: SegmentFile
    var count: Int
  }

  /// By the segment itself: one that was replaced has the same base offset as the one in its place.
  private let entries = Lock<[ObjectIdentifier: Entry]>([:])

  fileprivate func add(_ segment: SegmentFile) {
    entries.withLock { entries in
      entries[ObjectIdentifier(segment), default: Entry(segment: segment, count: 0)].count += 1
    }
  }

  /// Returns whether the segment had no other pin. If it had, `body` is called while that is still there.
  fileprivate func remove(_ segment: SegmentFile, beforeLast body: () -> Void) -> Bool {
    entries.withLock { entries in
      let key = ObjectIdentifier(segment)
      guard let count = entries[key]?.count, count > 1 else {
        entries[key] = nil
        return true
      }
      entries[key]?.count = count - 1
      body()
      return false
    }
  }

  /// The segments, oldest first, and by how many slices each is kept.
  var current: [(segment: SegmentFile, sliceCount: Int)] {
    entries.withLock { entries in
      entries.values.map { ($0.segment, $0.count) }
    }
    .sorted { $0.0.baseOffset < $1.0.baseOffset }
  }
}
