import FuzzSupport
import Varve

/// An offset index: what it says, and whether it says it of the right entry.
enum OffsetIndexCheck {
  static func run(_ bytes: [UInt8], _ base: Offset, _ probes: [Int64]) {
    let memory = ExactBytes(bytes)
    let view = OffsetIndexView(memory.span, baseOffset: base)
    let entries = (0..<bytes.count / 8).map { Self.entry($0, of: bytes, base) }
    checkEqual(view.count, entries.count, "the entries' count")
    for index in entries.indices { checkEqual(view[index], entries[index], "entry \(index)") }
    checkEqual(view.last, entries.last, "the last entry")
    let isValid = validate(view, entries, base, bytes)
    for probe in probes + Self.edges(of: entries) {
      touch(view, probe)
      if isValid { compare(view, entries, probe) }
    }
    for entry in entries { reencode(entry, base, isValid: isValid, bytes) }
  }

  private static func entry(_ index: Int, of bytes: [UInt8], _ base: Offset) -> OffsetIndexEntry {
    let number = { (start: Int) in
      bytes[start..<start + 4].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    }
    return OffsetIndexEntry(
      offset: Offset(rawValue: base.rawValue &+ Int64(number(8 * index))),
      position: Int(number(8 * index + 4)))
  }

  private static func edges(of entries: [OffsetIndexEntry]) -> [Int64] {
    entries.prefix(8).flatMap {
      [$0.offset.rawValue, $0.offset.rawValue &+ 1, Int64($0.position), Int64($0.position) - 1]
    }
  }

  private static func validate(
    _ view: borrowing OffsetIndexView, _ entries: [OffsetIndexEntry], _ base: Offset,
    _ bytes: [UInt8]
  ) -> Bool {
    let isOrdered = zip(entries, entries.dropFirst()).allSatisfy {
      $0.offset < $1.offset && $0.position < $1.position
    }
    let isInRange = entries.allSatisfy { base >= 0 && $0.offset >= base && $0.position >= 0 }
    let isValid = bytes.count % 8 == 0 && isOrdered && isInRange
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
  private static func touch(_ view: borrowing OffsetIndexView, _ probe: Int64) {
    _ = view.floor(of: Offset(rawValue: probe))
    _ = view.first(atOrAfterPosition: Int(probe))
    check((0...view.count).contains(view.count(before: Offset(rawValue: probe))), "a count")
  }

  private static func compare(
    _ view: borrowing OffsetIndexView, _ entries: [OffsetIndexEntry], _ probe: Int64
  ) {
    let offset = Offset(rawValue: probe)
    checkEqual(view.floor(of: offset), entries.last { $0.offset <= offset }, "the floor")
    checkEqual(
      view.first(atOrAfterPosition: Int(probe)), entries.first { $0.position >= Int(probe) },
      "the first at a position")
    checkEqual(
      view.count(before: offset), entries.count { $0.offset < offset }, "the count before")
  }

  private static func reencode(
    _ entry: OffsetIndexEntry, _ base: Offset, isValid: Bool, _ bytes: [UInt8]
  ) {
    do throws(LogError) {
      let encoded = try entry.encoded(relativeTo: base)
      let copy = encoded.indices.map { encoded[$0] }
      checkEqual(Self.entry(0, of: copy, base), entry, "an entry, written and read")
      check(entry.offset >= base && entry.position >= 0, "an entry that no index holds")
    } catch {
      check(!isValid, "an entry refused: \(error)")
      checkEqual(error.code, .invalidArgument, "a refusal")
    }
  }
}
