import Testing

@testable import VarveFormat

/// Compressed messages by chance, some of them damaged: each is refused, or read as a plain look at
/// its bytes reads it.
@Suite struct HostileSetTests {
  typealias Message = LegacyMessages.Message

  /// A set as a seed has it: what is in it, and the wrapper.
  private struct Trial {
    var random: SplitMix
    let format: LegacyFormat
    var messages: [Message] = []
    var set: [UInt8] = []
    var wrapper: Message

    init(seed: UInt64) {
      random = SplitMix(seed: seed)
      format = random.chance(2) ? .version0 : .version1
      var offset = Int64.random(in: 0...3, using: &random)
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        messages.append(
          Message(
            offset, at: Int64.random(in: -1...9, using: &random),
            key: random.chance(2) ? "k" : nil, value: random.chance(3) ? nil : "v\(offset)"))
        offset += Int64.random(in: random.chance(9) ? -1...0 : 1...3, using: &random)
      }
      set = LegacyMessages.set(messages, format)
      if random.chance(3), !set.isEmpty {
        let place = Int.random(in: 0..<set.count, using: &random)
        set[place] = UInt8.random(in: 0...255, using: &random)
      }
      if random.chance(6) { set.removeLast(min(set.count, Int.random(in: 1...9, using: &random))) }
      wrapper = Message(
        random.chance(4) ? 0 : Int64.random(in: 0...20, using: &random), at: 7,
        holding: random.chance(20) ? nil : set, attributes: random.chance(3) ? 0x09 : 0x01)
    }

    /// What a reader that trusts nothing makes of it; nil if it is refused.
    func expected() -> [(Int64, Message)]? {
      // Whole: as it was written, or changed where nothing shows, in an offset.
      guard wrapper.value != nil, !messages.isEmpty, set.count == size else { return nil }
      var found: [(Int64, Message)] = []
      var start = 0
      for message in messages {
        var message = message
        let bytes = message.encoded(format)
        let there = Array(set[start..<start + bytes.count])
        guard there.dropFirst(8) == bytes.dropFirst(8) else { return nil }
        message.offset = there[..<8].reduce(0) { $0 << 8 | Int64($1) }
        guard message.offset > found.last?.0 ?? -1, message.offset < .max else { return nil }
        found.append((message.offset, message))
        start += bytes.count
      }
      guard wrapper.offset != 0, let last = found.last?.0 else { return found }
      guard last <= wrapper.offset else { return nil }
      return found.map { ($0 + (format == .version1 ? wrapper.offset - last : 0), $1) }
    }

    private var size: Int { messages.reduce(0) { $0 + $1.encoded(format).count } }

    func time(_ message: Message) -> Int64 {
      if format == .version0 { return -1 }
      return wrapper.attributes & 0x08 != 0 ? wrapper.timestamp : message.timestamp
    }
  }

  private func records(_ bytes: [UInt8]) throws -> [LegacyRecord] {
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    return try LegacyMessageReader(PlainDecompressor()).records(of: message)
  }

  @Test func setsAreReadOrRefused() throws {
    var counts = (read: 0, refused: 0)
    for seed in UInt64(1)...20_000 {
      let trial = Trial(seed: seed)
      let bytes = trial.wrapper.encoded(trial.format)
      guard let expected = trial.expected() else {
        counts.refused += 1
        if error({ try records(bytes) })?.code != .corrupt { Issue.record("\(seed) was read") }
        continue
      }
      counts.read += 1
      let found = try records(bytes)
      let isSame =
        found.count == expected.count
        && zip(found, expected).allSatisfy { record, expected in
          record.offset.rawValue == expected.0 && record.record.key == expected.1.key
            && record.record.value == expected.1.value
            && record.record.timestamp?.rawValue == trial.time(expected.1)
        }
      if !isSame { Issue.record("\(seed): \(found)") }
    }
    #expect(counts.read > 3000 && counts.refused > 3000)
  }
}
