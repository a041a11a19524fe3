import Testing
import VarveSystem

@testable import Varve

@Suite struct HolderNoteTests {
  private func note(host: String = "build-7") -> HolderNote {
    HolderNote(
      process: ProcessIdentity(
        number: 4711, startTicks: 12_345, hostName: host, bootID: BootID(rawValue: 0xabc)),
      lockedAt: Timestamp(milliseconds: 1_700_000_000_000))
  }

  @Test func aNoteIsReadAsItWasWritten() {
    #expect(
      note().text == """
        library varve
        process 4711
        started 12345
        host build-7
        boot abc
        locked 1700000000000

        """)
    for host in ["build-7", "a", "with a space", "ünïcode", String(repeating: "x", count: 64)] {
      let note = note(host: host)
      #expect(HolderNote(parsing: note.text) == note)
      #expect(note.text.utf8.count < LogLimits.holderNoteByteCount / 2)
    }
    var extreme = note()
    extreme.process.number = .max
    extreme.process.startTicks = .max
    extreme.process.bootID = BootID(rawValue: .max)
    extreme.lockedAt = Timestamp(milliseconds: .min)
    extreme.library = "another one 2.0"
    #expect(HolderNote(parsing: extreme.text) == extreme)
  }

  /// A longer one lay there, and has not been cut yet; and words that a later version may add.
  @Test func whatFollowsDoesNotMatter() {
    let older = note(host: "somewhere-else").text
    for count in 0...older.count {
      #expect(HolderNote(parsing: note().text + older.suffix(count)) == note())
    }
    #expect(HolderNote(parsing: "colour green\n" + note().text) == note())
  }

  @Test func whatIsNotWholeIsNone() {
    let lines = note().text.split(separator: "\n")
    for index in lines.indices {
      var rest = lines
      rest.remove(at: index)
      #expect(HolderNote(parsing: rest.joined(separator: "\n")) == nil)
    }
    for (good, bad) in [
      ("4711", "0"), ("4711", "-4711"), ("4711", "99999999999"), ("4711", "x"), ("12345", "-1"),
      ("abc", "xyz"), ("1700000000000", ""), ("process", "proces"),
    ] {
      #expect(HolderNote(parsing: note().text.replacing(good, with: bad)) == nil, "\(bad)")
    }
  }

  @Test func anythingMayBeRead() {
    var random = SplitMix(seed: 1)
    for _ in 0..<2_000 {
      var bytes = Array(note().text.utf8)
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let found = HolderNote(parsing: String(decoding: bytes, as: UTF8.self))
      #expect(found.map { $0.process.number > 0 } ?? true)
      let noise = String(decoding: random.bytes(200), as: UTF8.self)
      #expect(HolderNote(parsing: noise) == nil)
    }
  }
}
