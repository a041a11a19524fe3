import Testing
import VarveSystem

@testable import Varve

/// Files that somebody else has cut while a log was open.
@Suite struct CutByOthersTests {
  /// The first segment is full and waits for its final form, and the second one is written.
  private func withLog(
    _ place: Place, _ body: (String, Log, ManualWorld, EventRecorder) throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let events = EventRecorder()
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.observer = events
      let world = ManualWorld()
      let log = try world.open(directory, configuration)
      for _ in 0..<3 { try log.append(Record(value: [UInt8](repeating: 1, count: 1500))) }
      #expect(log.segments.map(\.baseOffset) == [0, 2])
      try body(directory, log, world, events)
    }
  }

  private func cut(_ directory: String, _ base: Offset, to byteCount: Int) throws {
    let path = SegmentPath(directory: directory, baseOffset: base).log
    try OpenFile(path, .writing, in: PosixFileSystem()).truncate(to: byteCount)
  }

  private func byteCount(_ directory: String, _ base: Offset) throws -> Int {
    try PosixFileSystem().status(
      at: SegmentPath(directory: directory, baseOffset: base).log
    ).byteCount
  }

  @Test(arguments: Place.all)
  func aFullSegment(_ place: Place) async throws {
    try await withLog(place) { directory, log, world, events in
      try cut(directory, 0, to: 2000)
      world.settle()
      #expect(events.failures.map(\.code) == [.corrupt])
      // It is not made whole again, with zeros.
      #expect(try byteCount(directory, 0) == 2000)
      #expect(try log.recordNow(at: 0)?.value?.count == 1500)
      #expect(error { try log.recordNow(at: 1) }?.code == .corrupt)
      #expect(try log.recordNow(at: 2)?.value?.count == 1500)
      #expect(error { try log.closeNow() }?.code == .corrupt)
      let again = try world.open(directory, place.configuration(segmentByteCount: 4096))
      #expect(again.recovery?.damage.map(\.offsets) == [1..<2])
      #expect(again.end == 3)
      try again.closeNow()
    }
  }

  /// The last segment has a spare's name until the one before has its final form.
  @Test(arguments: Place.all)
  func theLastSegment(_ place: Place) async throws {
    try await withLog(place) { directory, log, world, _ in
      world.settle()
      #expect(try byteCount(directory, 2) > 1500)
      try cut(directory, 2, to: 1000)
      #expect(error { try log.closeNow() }?.code == .corrupt)
      #expect(try byteCount(directory, 2) == 1000)
    }
  }
}
