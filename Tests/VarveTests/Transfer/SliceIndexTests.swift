import Foundation
import Synchronization
import Testing
import Varve
import VarveFormat

/// An index is a hint, for the ends of slices too.
@Suite struct SliceIndexTests {
  private final class Events: LogObserver {
    private let events = Mutex<[LogEvent]>([])
    func log(at directory: String, did event: LogEvent) { events.withLock { $0.append(event) } }

    var wrongIndexes: Set<Offset> {
      events.withLock { events in
        Set(
          events.compactMap { event in
            if case .indexWasWrong(let base, _) = event { base } else { nil }
          })
      }
    }
  }

  /// Entries that are well formed and in order, and point between batches or to other ones.
  @Test(arguments: Place.all, [1, 100, 5_000])
  func wrongPositionsAreNotBelieved(_ place: Place, shift: Int32) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 256 << 10)
      let log = try await Log.open(at: directory, configuration: configuration)
      let filled = FilledLog(log: log, directory: directory)
      try filled.fill(300 << 10)
      let expected = try await ZeroCopyReader(log).allSlices(maximumByteCount: 60_000)
      try await log.close()
      try shiftEntries(of: directory + "/00000000000000000000.index", by: shift)

      let events = Events()
      configuration.observer = events
      let again = try await Log.open(at: directory, configuration: configuration)
      let reader = ZeroCopyReader(again)
      // Beginning with the log, so that the first look at the index is for an end.
      let slices = try await reader.allSlices(maximumByteCount: 60_000)
      #expect(slices.map(\.description) == expected.map(\.description))
      #expect(events.wrongIndexes == [0])
      try await again.close()
    }
  }

  private func shiftEntries(of path: String, by shift: Int32) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    try #require(bytes.count > 80)
    for start in stride(from: 4, to: bytes.count, by: 8) {
      let position = bytes[start..<start + 4].reduce(Int32(0)) { $0 << 8 | Int32($1) }
      for index in 0..<4 {
        bytes[start + index] = UInt8(
          truncatingIfNeeded: (position + shift) >> Int32(24 - 8 * index))
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// What comes before a broken batch can be had; what begins with it is an error.
  @Test(arguments: Place.all)
  func aBrokenHeaderEndsTheSliceBeforeIt(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 100 << 10) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 1)
      let broken = slices[slices.count / 2]
      let path = filled.directory + "/00000000000000000000.log"
      try #require(broken.segmentBaseOffset == 0)
      let file = try FileHandle(forUpdating: URL(filePath: path))
      // The format version.
      try file.seek(toOffset: UInt64(broken.position + 16))
      try file.write(contentsOf: [9])
      try file.close()

      // Not large enough for the index to be asked, and large enough.
      let end = broken.offsets.lowerBound
      let near = try await reader.slice(
        from: .offset(slices[slices.count / 2 - 2].offsets.lowerBound), maximumByteCount: 10_000)
      #expect(near?.offsets.upperBound == end)
      await expectFailure(.corrupt) { try await reader.slice(from: .offset(end)) }
    }
  }
}
