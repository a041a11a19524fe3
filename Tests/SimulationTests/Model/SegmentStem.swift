import Varve

/// The names of a segment's files, put together here anew: a test that asked the library for them
/// would believe whatever it says.
struct SegmentStem {
  private let digits: String

  init(_ baseOffset: Offset) {
    let number = String(baseOffset.rawValue)
    digits = String(repeating: "0", count: 20 - number.count) + number
  }

  var log: String { digits + ".log" }
  var offsetIndex: String { digits + ".index" }
  var timeIndex: String { digits + ".timeindex" }
  /// What is known of producers before the offset.
  var snapshot: String { digits + ".snapshot" }
  /// What was aborted in the segment, if anything.
  var transactionIndex: String { digits + ".txnindex" }
  var names: [String] { [log, offsetIndex, timeIndex] }
}
