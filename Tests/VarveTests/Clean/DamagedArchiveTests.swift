import Testing
import VarveSystem

@testable import Varve

/// Segments that are copied before they may go, of which something is lost.
@Suite struct DamagedArchiveTests {
  private let wreck = Wreck()

  /// What an archive was given: which batches, in which slices, whose bytes follow each other.
  private final class Shelf: Sendable {
    let slices = Lock<[Range<Offset>]>([])
    let batches = Lock<[Offset]>([])

    func put(_ slice: LogSlice) async throws {
      let bytes = try await slice.bytes()
      #expect(bytes.count == slice.byteCount)
      var walk = BatchWalk(bytes.span.bytes)
      while let batch = try walk.next() {
        try batch.checkIntegrity()
        let offset = batch.header.baseOffset
        batches.withLock { $0.append(offset) }
      }
      slices.withLock { $0.append(slice.offsets) }
    }
  }

  private let shelf = Shelf()

  /// Makes a log of two full segments and a third one, of which nothing goes that is not copied.
  private func make(
    _ archive: SegmentArchive, _ damage: (Wreck) throws -> Void
  ) async throws -> Log {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 21)
    try await log.close()
    try damage(wreck)
    var wreck = wreck
    wreck.configuration.cleaner = .delete(beyondBytes: 0).notBeyond { archive.end }
    return try wreck.open()
  }

  private func archive() -> SegmentArchive {
    SegmentArchive { [shelf] _, slice, _ in try await shelf.put(slice) }
  }

  /// Where something is lost, and whether that is known before anybody looks.
  struct Loss: CustomTestStringConvertible {
    let parts: [Range<Offset>]
    let isKnown: Bool

    var testDescription: String { "\(parts), \(isKnown ? "known" : "unknown")" }

    static let all = [
      [3..<4], [0..<1], [7..<8], [0..<1, 3..<5], [3..<4, 6..<7], [0..<8], [2..<3, 8..<10],
    ].flatMap { parts in [true, false].map { Loss(parts: parts, isKnown: $0) } }
  }

  @Test(arguments: Loss.all)
  func allThatIsThereIsCopied(_ loss: Loss) async throws {
    let archive = archive()
    let log = try await make(archive) { wreck in
      for part in loss.parts {
        for offset in part.lowerBound.rawValue..<part.upperBound.rawValue {
          // Its length: the next batch is not where it leads to.
          try wreck.flip(Offset(rawValue: offset), at: 11, keepsTime: !loss.isKnown)
        }
      }
    }
    #expect((log.recovery != nil) == loss.isKnown)
    let copied = try await archive.copySegments(of: log)
    #expect(copied.map(\.baseOffset) == [0, 8])
    #expect(copied.flatMap(\.damage) == loss.parts.map { Wreck.damage($0) })
    #expect(archive.end == 16)
    let kept = (0..<16).map { Offset(rawValue: $0) }.filter { offset in
      !loss.parts.contains { $0.contains(offset) }
    }
    #expect(shelf.batches.withLock { $0 } == kept)
    let names = shelf.slices.withLock { $0.map(\.lowerBound) }
    #expect(Set(names).count == names.count)
    // What was copied may go, and what comes later is no other matter than it ever was.
    #expect(try await log.clean().deleted.map(\.baseOffset) == [0, 8])
    try wreck.fill(log, upTo: 30)
    try await log.flush()
    #expect(try await archive.copySegments(of: log).map(\.baseOffset) == [16])
    #expect(archive.end == 24)
    try await log.close()
  }

  /// A batch that says that it has the offsets of those behind it, of its segment or of all that there are.
  @Test(arguments: [0, 3, 7] as [Int64], [26, 25, 24])
  func aBatchThatSeemsToReachTooFar(_ number: Int64, byte: Int) async throws {
    let archive = archive()
    let stretched = Offset(rawValue: number)
    let log = try await make(archive) { try $0.flip(stretched, at: byte) }
    let copied = try await archive.copySegments(of: log)
    #expect(copied.flatMap(\.damage) == [Wreck.damage(stretched)])
    let kept = (0..<16).map { Offset(rawValue: $0) }.filter { $0 != stretched }
    #expect(shelf.batches.withLock { $0 } == kept)
    #expect(archive.end == 16)
    try await log.close()
  }

  /// All parts of a segment are copied again where one was not.
  @Test func aPartThatIsNotCopied() async throws {
    struct Refused: Error {}
    let count = Lock(0)
    let archive = SegmentArchive { [shelf] _, slice, _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == 2 { throw Refused() }
      try await shelf.put(slice)
    }
    let log = try await make(archive) { try $0.flip(3, keepsTime: false) }
    await #expect(throws: Refused.self) { try await archive.copySegments(of: log) }
    #expect(archive.end == nil)
    #expect(try await log.clean().deleted.isEmpty)
    #expect(try await archive.copySegments(of: log).map(\.baseOffset) == [0, 8])
    #expect(shelf.slices.withLock { $0 } == [0..<3, 0..<3, 4..<8, 8..<16])
    try await log.close()
  }
}
