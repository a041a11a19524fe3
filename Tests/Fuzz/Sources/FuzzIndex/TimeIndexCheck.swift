import FuzzSupport
import Varve

/// A time index: what it says, and whether it says it of the right entry.
enum TimeIndexCheck {
  static func run(_ bytes: [UInt8], _ base: Offset, _ probes: [Int64]) {
    let memory = ExactBytes(bytes)
    let view = TimeIndexView(memory.span, baseOffset: base)
    let entries = (0..<bytes.count / 12).map { Self.entry($0, of: bytes, base) }
    checkEqual(view.count, entries.count, "the entries' count")
    for index in entries.indices { checkEqual(view[index], entries[index], "entry \(index)") }
    checkEqual(view.last, entries.last, "the last entry")
    let isValid = validate(view, entries, base, bytes)
    for probe in probes + Self.edges(of: entries) {
      touch(view, probe)
      if isValid { compare(view, entries, probe) }
    }
    for entry in entries { reencode(entry, base, isValid: isValid) }
  }

  private static func entry(_ index: Int, of bytes: [UInt8], _ base: Offset) -> TimeIndexEntry {
    let start = 12 * index
    let time = bytes[start..<start + 8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let relative = bytes[start + 8..<start + 12].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    return TimeIndexEntry(
      timestamp: Timestamp(rawValue: time),
      offset: Offset(rawValue: base.rawValue &+ Int64(relative)))
  }

  private static func edges(of entries: [TimeIndexEntry]) -> [Int64] {
    entries.prefix(8).flatMap {
      [
        $0.timestamp.rawValue, $0.timestamp.rawValue &- 1, $0.offset.rawValue,
        $0.offset.rawValue &+ 1,
      ]
    }
  }

  private static func validate(
    _ view: borrowing TimeIndexView, _ entries: [TimeIndexEntry], _ base: Offset,
    _ bytes: [UInt8]
  ) -> Bool {
    let isOrdered = zip(entries, entries.dropFirst()).allSatisfy {
      $0.timestamp < $1.timestamp && $0.offset <= $1.offset
    }
    let isInRange = entries.allSatisfy {
      base >= 0 && $0.offset >= base && $0.timestamp.rawValue >= 0
    }
    let isValid = bytes.count % 12 == 0 && isOrdered && isInRange
    do throws(LogError) {
      try view.validate()
      check(isValid, "a broken index found right")
      return true
    } catch {
      check(!isValid, "a good index refused: \(error)")
      checkEqual(error.code, .corrupt, "a refusal")
      check((0...bytes.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
      return false
    }
  }

  /// Whatever the entries are, the answer comes from among them.
  private static func touch(_ view: borrowing TimeIndexView, _ probe: Int64) {
    _ = view.floor(of: Timestamp(rawValue: probe))
    check((0...view.count).contains(view.count(before: Offset(rawValue: probe))), "a count")
  }

  private static func compare(
    _ view: borrowing TimeIndexView, _ entries: [TimeIndexEntry], _ probe: Int64
  ) {
    let time = Timestamp(rawValue: probe)
    checkEqual(view.floor(of: time), entries.last { $0.timestamp <= time }, "the floor")
    let offset = Offset(rawValue: probe)
    checkEqual(
      view.count(before: offset), entries.count { $0.offset < offset }, "the count before")
  }

  private static func reencode(_ entry: TimeIndexEntry, _ base: Offset, isValid: Bool) {
    do throws(LogError) {
      let encoded = try entry.encoded(relativeTo: base)
      let copy = encoded.indices.map { encoded[$0] }
      checkEqual(Self.entry(0, of: copy, base), entry, "an entry, written and read")
      check(entry.offset >= base && entry.timestamp.rawValue >= 0, "no index holds it")
    } catch {
      check(!isValid, "an entry refused: \(error)")
      checkEqual(error.code, .invalidArgument, "a refusal")
    }
  }
}
