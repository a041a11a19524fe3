import FuzzSupport
import Varve

/// What a log serves: its batches, byte for byte, and what it says is lost.
struct Contents {
  private(set) var batches: [Offset: [UInt8]] = [:]
  private(set) var lost: [DamagedRange] = []
  /// Where the log starts, which may be within a batch: what lies before that nobody is told of.
  private let start: Offset
  /// What ended reading before the end of the log.
  private(set) var failure: LogError?

  /// Where no batch is found, and none is passed, reading would not end.
  private static let mostSteps = 1 << 16

  init(of log: Log) {
    start = log.start
    var from = log.start
    for _ in 0..<Self.mostSteps {
      guard from < log.end else { return }
      do throws(LogError) {
        try read(log, from: &from)
        checkEnd(from, of: log)
        return
      } catch {
        guard let part = error.damage else {
          failure = error
          return
        }
        // A batch may have seemed to reach beyond what is there.
        batches = batches.filter { !part.offsets.contains($0.key) }
        lost.append(part)
        // What was told may lie before what there is: it seemed to reach into it.
        from = max(part.offsets.upperBound, log.start)
      }
    }
    fail("reading does not end")
  }

  /// The last offsets of a log may be nobody's, but not where something is.
  private func checkEnd(_ end: Offset, of log: Log) {
    guard let last = log.segments.last(where: { $0.byteCount > 0 }) else { return }
    check(end > last.baseOffset, "reading ends at \(end), and there is \(last)")
  }

  private mutating func read(_ log: Log, from next: inout Offset) throws(LogError) {
    var scan = try log.scan(from: .offset(next))
    var isFirst = true
    while let batch = try scan.next() {
      let header = batch.header
      check(header.nextOffset > next, "the batch at \(header.baseOffset) lies before \(next)")
      check(isFirst || header.baseOffset >= next, "\(header.baseOffset) comes behind \(next)")
      check(header.nextOffset <= log.end, "a batch beyond the end")
      batches[header.baseOffset] = batch.bytes.withUnsafeBytes { Array($0) }
      (next, isFirst) = (header.nextOffset, false)
    }
  }

  /// Whether it was said that nothing is served of an offset.
  func isLost(_ offset: Offset) -> Bool {
    lost.contains { $0.offsets.contains(max(offset, start)) }
  }

  /// That all is there still that was there before, or is known to be lost; and nothing else but one
  /// batch, which was appended.
  ///
  /// - Parameter remembers: Whether what was lost is so still. What the segment adds up to that was
  ///   being written is forgotten with its process, and what only that had shown.
  func checkKept(
    _ before: Contents, appended: Offset, remembers: Bool = true, _ when: String
  ) {
    for (offset, bytes) in before.batches where !isLost(offset) {
      check(batches[offset] == bytes, "\(when), the batch at \(offset) is another one, or gone")
    }
    for offset in batches.keys where before.batches[offset] == nil && offset != appended {
      check(
        !remembers && before.isLost(offset),
        "\(when), there is a batch at \(offset) that was not there before")
    }
    check(batches[appended] != nil, "\(when), what was appended is gone")
  }
}

extension Contents: CustomStringConvertible {
  var description: String {
    let found = batches.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.count)" }
    return "\(found), lost \(lost), \(failure.map { "\($0)" } ?? "to the end")"
  }
}
