import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Damage and torn ends in real files, which a process has left without a close.
@Suite struct DamageOnDiskTests {
  /// Makes a log of three segments, durable up to 21 of 23 records, and leaves it.
  private func make(_ place: Place, _ directory: String) throws {
    let world = ManualWorld()
    let log = try world.open(directory, configuration(place))
    while log.end < 23 {
      try log.append(Wreck.record(log.end))
      world.settle()
      if log.end == 21 { try log.flushNow() }
    }
  }

  private func configuration(_ place: Place) -> LogConfiguration {
    var configuration = place.configuration(
      segmentByteCount: Wreck.perSegment * Wreck.batchByteCount)
    configuration.indexIntervalByteCount = 0
    return configuration
  }

  private func change(
    _ directory: String, _ base: Offset, keepsTime: Bool = false, _ body: (OpenFile) throws -> Void
  ) throws {
    let path = SegmentPath(directory: directory, baseOffset: base).log
    let file = try OpenFile(path, .writing, in: PosixFileSystem())
    let modified = try file.status().modified
    try body(file)
    // The clock of some file systems is coarse.
    try file.fileSystem.setModified(file.descriptor, to: modified + (keepsTime ? 0 : 1_000_000))
  }

  private func flip(_ directory: String, _ offset: Offset, keepsTime: Bool = false) throws {
    let bytes: [UInt8] = [0xff]
    try change(directory, Wreck.base(of: offset), keepsTime: keepsTime) { file in
      try file.write(bytes.span.bytes, at: Wreck.position(offset) + 100)
    }
  }

  private func expect(
    _ place: Place, _ directory: String, lost: [DamagedRange], end: Offset
  ) throws {
    for round in 0..<3 {
      let world = ManualWorld()
      let log = try world.open(directory, configuration(place))
      #expect(log.recovery?.damage ?? [] == lost, "round \(round)")
      try Wreck.expect(log, lost: lost, end: end.advanced(by: round))
      try log.append(Wreck.record(log.end))
      // Once left, and then closed.
      if round > 0 { try log.closeNow() }
    }
  }

  @Test(arguments: Place.all)
  func damageInSealedAndUnsealedSegments(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      try flip(directory, 3)
      try flip(directory, 18)
      try expect(place, directory, lost: [Wreck.damage(3), Wreck.damage(18)], end: 23)
    }
  }

  @Test(arguments: Place.all)
  func aSealIsBelieved(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      try flip(directory, 3, keepsTime: true)
      let log = try ManualWorld().open(directory, configuration(place))
      #expect(log.recovery?.damage == [])
      #expect(error { try log.recordNow(at: 3) }?.code == .corrupt)
      #expect(try log.recordNow(at: 4) == Wreck.record(4))
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func aTornEnd(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      let bytes = try SegmentOnDisk(directory, 16).log
      let end = Wreck.position(22) + 300
      try change(directory, 16) { try $0.truncate(to: end) }
      let log = try ManualWorld().open(directory, configuration(place))
      #expect(log.recovery?.cutByteCount == 300 && log.recovery?.cutOffset == 22)
      let kept = FileManager.default.contents(atPath: directory + "/varve.cut").map { Array($0) }
      #expect(kept.map { Array($0[64...]) } == Array(bytes[Wreck.position(22)..<end]))
      try Wreck.expect(log, end: 22)
      try log.closeNow()
      try expect(place, directory, lost: [], end: 22)
    }
  }

  @Test(arguments: Place.all)
  func aMissingSegment(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      try FileManager.default.removeItem(
        atPath: SegmentPath(directory: directory, baseOffset: 8).log)
      let part = DamagedRange(
        segmentBaseOffset: 0, offsets: 8..<16, positions: 4096..<4096)
      try expect(place, directory, lost: [part], end: 23)
    }
  }

  @Test(arguments: Place.all)
  func allSegmentsMissing(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      for base: Offset in [0, 8, 16] {
        try FileManager.default.removeItem(
          atPath: SegmentPath(directory: directory, baseOffset: base).log)
      }
      #expect(error { try ManualWorld().open(directory, configuration(place)) }?.code == .corrupt)
    }
  }

  @Test(arguments: Place.all)
  func aCopy(_ place: Place) async throws {
    try await place.withDirectory { directory in
      try make(place, directory)
      let copy = directory + "-copy"
      try LogOnDisk(directory: directory).copy(to: copy)
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try expect(place, copy, lost: [], end: 23)
    }
  }
}
