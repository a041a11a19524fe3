import FuzzSupport
import Varve

/// A checkpoint beside a naive reader of its lines.
enum Lines {
  static func check<Entry: CheckpointEntry>(
    _ bytes: [UInt8], _ entry: Entry.Type, fieldCount: Int
  ) {
    let memory = ExactBytes(bytes)
    let expected = naive(bytes, fieldCount: fieldCount)
    do throws(LogError) {
      let checkpoint = try Checkpoint<Entry>(parsing: memory.span)
      checkEqual(checkpoint.entries.count, expected?.count ?? -1, "the entries' count")
      for (entry, fields) in zip(checkpoint.entries, expected ?? []) {
        checkEqual(entry.line.split(separator: " ").count, fields.count, "its fields")
      }
      check(checkpoint)
    } catch {
      FuzzSupport.check([.corrupt, .unsupported].contains(error.code), "a refusal: \(error)")
      FuzzSupport.check(
        (0...bytes.count).contains(error.breach?.byte ?? -1), "no such byte: \(error)")
    }
  }

  /// Written and read again it is the same.
  static func check<Entry: CheckpointEntry>(_ checkpoint: Checkpoint<Entry>) {
    let memory = ExactBytes(checkpoint.encoded)
    do throws(LogError) {
      let again = try Checkpoint<Entry>(parsing: memory.span)
      checkEqual(again, checkpoint, "written and read again")
      checkEqual(again.encoded, checkpoint.encoded, "written again")
    } catch {
      fail("a checkpoint that was written is refused: \(error)")
    }
  }

  /// The fields of the lines behind the first two; nil where there are not as many as the second one
  /// says, or some have other than so many.
  private static func naive(_ bytes: [UInt8], fieldCount: Int) -> [[String]]? {
    var text = bytes.map { UnicodeScalar($0) }
    // The last line's end begins no further line.
    if text.last == "\n" { text.removeLast() }
    if text.last == "\r" { text.removeLast() }
    var lines: [String] = []
    var line = ""
    var previous: UnicodeScalar?
    for scalar in text {
      if scalar == "\n" && previous == "\r" {
        previous = scalar
        continue
      }
      previous = scalar
      if scalar == "\n" || scalar == "\r" {
        lines.append(line)
        line = ""
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    lines.append(line)
    guard lines.count >= 2 else { return [] }
    let entries = lines.dropFirst(2).map { line in
      line.unicodeScalars.split { " \t\u{b}\u{c}".unicodeScalars.contains($0) }.map { String($0) }
    }
    guard Int(lines[1]) == entries.count, entries.allSatisfy({ $0.count == fieldCount }) else {
      return nil
    }
    return entries
  }
}
