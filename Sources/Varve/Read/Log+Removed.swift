internal import VarveSystem

// Readers go on in a segment that is removed under them: its file is theirs. What they come to behind
// it depends on why it was removed.

extension Log {
  /// The segment behind one that a reader has come to the end of.
  func segment(
    behind segment: SegmentFile, readTo next: Offset
  ) throws(LogError) -> SegmentFile? {
    // Looked up first: what has come after a removed segment is seen no sooner than that it is removed.
    let found = table.segment(after: segment.baseOffset)
    if try hasMoved(segment, readTo: next) {
      throw segment.removal == .replaced ? .replacedMeanwhile : .removedMeanwhile
    }
    guard let found else { return nil }
    guard segment.removal == nil || found.baseOffset <= segment.published.offset else {
      throw LogError(
        .trimmed,
        "what had been read up to \(next) goes on at \(found.baseOffset): the log starts later")
    }
    return found
  }

  /// Whether a reader is to look anew for where it goes on: the log was cut behind what it has read, or
  /// compacted.
  func hasMoved(_ segment: SegmentFile, readTo next: Offset) throws(LogError) -> Bool {
    switch segment.removal {
    case nil, .trimmed: return false
    case .replaced: return true
    case .cut(let end):
      guard next <= end else { throw .cut(at: end, readTo: next) }
      return true
    }
  }

  /// Looks for something, and once more where that was in a segment which has been replaced meanwhile.
  func lookingAgain<Result>(
    _ look: () throws(LogError) -> Result
  ) throws(LogError) -> Result {
    while true {
      do throws(LogError) {
        return try look()
      } catch {
        guard error == .replacedMeanwhile else { throw error }
      }
    }
  }

  /// Where to begin to read, and the file there.
  func opened(_ place: Place) throws(LogError) -> (Place, OpenFile) {
    do throws(LogError) {
      return (place, try open(place.segment))
    } catch {
      guard error == .replacedMeanwhile else { throw error }
      return try opened(at: place.offset)
    }
  }

  /// Where to read on from an offset, and the file there.
  func opened(at offset: Offset) throws(LogError) -> (Place, OpenFile) {
    try lookingAgain { () throws(LogError) in
      let place = try findPlace(of: offset)
      return (place, try open(place.segment))
    }
  }
}

extension LogError {
  static var replacedMeanwhile: LogError {
    LogError(.retry, "the segment was compacted just now; look again")
  }

  static func cut(at end: Offset, readTo next: Offset) -> LogError {
    LogError(.trimmed, "the log was cut at \(end), and had been read up to \(next)")
  }
}
