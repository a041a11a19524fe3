/// What becomes of a segment whose batches end before its file does, or before the next segment
/// begins: a function of facts.
///
/// A torn end and a hole in the midst are different events. The first is what a crash leaves, and is
/// cut off. The second is damage: it is reported and left alone, and what lies behind it is read as
/// ever. Which one it is depends on what is known to have been on the device, and on whether the
/// machine's memory outlived the process.
struct RecoveryRule: Hashable, Sendable {
  /// All before this offset was on the device.
  var durableEnd: Offset
  /// Whether all that was written is there, but for what never was: the machine has run on since, and
  /// no sync has failed.
  var keepsWrites: Bool
  /// Whether anything is known of the log. Of a directory that Kafka wrote, or somebody copied, it is
  /// not; then it is taken as it is, and nothing is cut off that is a batch, or has one behind it.
  var isKnown: Bool

  struct Facts: Hashable, Sendable {
    /// Where the batches end.
    var end: Offset
    /// Whether anything but zeros, which is space that was allocated, follows in the file.
    var hasRest: Bool
    /// The first offset of a whole batch further on in the file, if there is one.
    var nextBatch: Offset?
    /// Where the next segment begins, if there is one.
    var nextBase: Offset?
    /// Up to where a batch reaches that stands there and is whole, by its checksum, and does not fit behind
    /// the others: what is said of its place, or of its leader, is in no checksum.
    var misfitEnd: Offset?
  }

  enum Verdict: Hashable, Sendable {
    /// All is there. What follows the batches is not theirs, and is cut off.
    case whole
    /// What follows the batches is lost as a crash loses it: cut off, with the segments behind it.
    case cut
    /// The offsets up to this one are missing, and were there.
    case damaged(until: Offset)
  }

  func verdict(_ facts: Facts) -> Verdict {
    if let next = facts.nextBase, facts.end >= next { return .whole }
    guard facts.hasRest || facts.nextBase != nil else {
      return facts.end >= durableEnd ? .whole : .damaged(until: durableEnd)
    }
    // What is found further on, or has to be.
    let isLost = facts.end < durableEnd
    let goesOn = facts.nextBatch ?? facts.nextBase
    if isKnown, !keepsWrites {
      // What lies behind was not synced: valid or not, it is no more the log's than what is missing.
      return isLost ? .damaged(until: min(goesOn ?? durableEnd, durableEnd)) : .cut
    }
    if !isKnown, !facts.hasRest { return .whole }
    if let goesOn { return .damaged(until: goesOn) }
    // No crash leaves that. Of what we wrote ourselves it may be what stood there before. One at the last offsets
    // of all would end behind them, and there is nothing to go on with.
    if !isKnown, let misfit = facts.misfitEnd, misfit > facts.end {
      return .damaged(until: misfit)
    }
    return isLost ? .damaged(until: durableEnd) : .cut
  }
}
