import Testing
import VarveSystem

@testable import Varve

/// Segments that are copied before they may go.
@Suite struct SegmentArchiveTests {
  private struct Refused: Error {}

  /// Its time stands still: nothing is cleaned but by the test.
  private let world = ManualWorld()

  private func fill(_ log: Log, segments count: Int) async throws {
    while log.segments.count < count {
      try log.append(Record(value: [UInt8](repeating: 7, count: 300)))
      world.settle()
    }
    try await log.flush()
  }

  private func open(
    _ place: Place, _ directory: String, _ policy: (any CleanerPolicy)? = nil
  ) throws -> Log {
    var configuration = place.configuration(segmentByteCount: 8192)
    configuration.cleaner = policy
    return try world.open(directory + "/log", configuration)
  }

  /// Up to so many bytes of a file.
  private func bytes(_ path: String, _ count: Int) throws -> [UInt8] {
    let file = try OpenFile(path, .reading, in: PosixFileSystem())
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { bytes.deallocate() }
    return Array(bytes.prefix(try file.read(into: bytes, at: 0)))
  }

  /// A copy is the segment's file, and nothing goes that is not copied.
  @Test(arguments: Place.all)
  func whatIsCopiedMayGo(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let archive = SegmentArchive { segment, slice, reader in
        let path = "\(directory)/\(segment.baseOffset)"
        let file = try OpenFile(path, .creating, in: PosixFileSystem())
        try await reader.send(slice, to: file.descriptor.rawValue)
      }
      let log = try open(
        place, directory, .delete(beyondBytes: 0).notBeyond { archive.end })
      try await fill(log, segments: 4)
      #expect(try await log.clean().deleted.isEmpty)
      let full = log.segments.filter { !$0.isActive }
      #expect(try await archive.copySegments(of: log) == full)
      #expect(archive.end == full.last?.endOffset)
      for segment in full {
        let path = SegmentPath(directory: directory + "/log", baseOffset: segment.baseOffset)
        let original = try bytes(path.log, segment.byteCount)
        #expect(original.count == segment.byteCount)
        #expect(try bytes("\(directory)/\(segment.baseOffset)", segment.byteCount + 1) == original)
      }
      #expect(try await archive.copySegments(of: log).isEmpty)
      #expect(try await log.clean().deleted.count == full.count)
      #expect(log.start == archive.end)
      // The next ones wait for their turn.
      try await fill(log, segments: 3)
      #expect(try await log.clean().deleted.isEmpty)
      #expect(try await archive.copySegments(of: log).map(\.baseOffset).first == log.start)
      try await log.close()
    }
  }

  /// A copy that fails is made again, and the ones before it are not.
  @Test func failures() async throws {
    try await Place.all[0].withDirectory { directory in
      let seen = Lock<[Offset]>([])
      let archive = SegmentArchive { _, slice, _ in
        let count = seen.withLock { seen in
          seen.append(slice.offsets.lowerBound)
          return seen.count
        }
        if count == 2 { throw Refused() }
      }
      let log = try open(Place.all[0], directory)
      try await fill(log, segments: 4)
      let bases = log.segments.map(\.baseOffset)
      await #expect(throws: Refused.self) { try await archive.copySegments(of: log) }
      #expect(archive.end == bases[1])
      #expect(try await archive.copySegments(of: log).map(\.baseOffset) == Array(bases[1..<3]))
      #expect(seen.withLock { $0 } == [bases[0], bases[1], bases[1], bases[2]])
      try await log.close()
    }
  }

  /// What replicas lack is not copied, and an archive goes on where an earlier one ended.
  @Test func limits() async throws {
    try await Place.all[0].withDirectory { directory in
      let log = try open(Place.all[0], directory)
      try await fill(log, segments: 4)
      let segments = log.segments
      _ = log.advanceHighWatermark(to: segments[2].baseOffset.advanced(by: 1))
      let sliced = Lock<[Range<Offset>]>([])
      let from = segments[0].baseOffset.advanced(by: 3)
      let archive = SegmentArchive(from: from) { _, slice, _ in
        sliced.withLock { $0.append(slice.offsets) }
      }
      #expect(try await archive.copySegments(of: log).count == 2)
      #expect(sliced.withLock { $0 } == [from..<segments[1].baseOffset, segments[1].offsets])
      #expect(archive.end == segments[2].baseOffset)
      try await log.close()
    }
  }

  /// Two at a time would copy the same.
  @Test func oneAtATime() async throws {
    try await Place.all[0].withDirectory { directory in
      let gate = Gate()
      let archive = SegmentArchive { _, _, _ in
        await withCheckedContinuation { continuation in
          _ = try? OwnedThread.detached(named: "copy") {
            gate.pass()
            continuation.resume()
          }
        }
      }
      let log = try open(Place.all[0], directory)
      try await fill(log, segments: 2)
      let first = Task { try await archive.copySegments(of: log) }
      await gate.arrivals(1)
      let failure = await asyncError { try await archive.copySegments(of: log) }
      #expect(failure?.code == .retry)
      gate.open()
      #expect(try await first.value.count == 1)
      try await log.close()
    }
  }
}
