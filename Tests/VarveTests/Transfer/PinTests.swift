import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Slices that are held, and what they keep.
@Suite struct PinTests {
  @Test(arguments: Place.all)
  func slicesAreCountedWhileTheyAreHeld(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let log = filled.log
      #expect(log.pinnedSegments == [])
      var slices = try await reader.allSlices(maximumByteCount: 50_000)
      let expected = Dictionary(grouping: slices, by: \.segmentBaseOffset).mapValues(\.count)
      #expect(expected.count == log.segments.count)
      let pinned = log.pinnedSegments
      #expect(pinned.map(\.baseOffset) == log.segments.map(\.baseOffset))
      #expect(pinned.map(\.byteCount) == log.segments.map(\.byteCount))
      for segment in pinned {
        #expect(segment.sliceCount == expected[segment.baseOffset])
        #expect(!segment.isRemoved)
      }
      // A copy is the same slice.
      let copy = slices[0]
      #expect(log.pinnedSegments == pinned)
      slices = []
      #expect(log.pinnedSegments.map(\.sliceCount) == [1])
      #expect(log.pinnedSegments.map(\.baseOffset) == [copy.segmentBaseOffset])
      withExtendedLifetime(copy) {}
    }
  }

  @Test(arguments: Place.all)
  func theyAreLetGoOf(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      do { _ = try await reader.allSlices() }
      #expect(filled.log.pinnedSegments == [])
      do {
        let slice = try #require(try await reader.slice(from: .earliest))
        try await filled.log.close()
        #expect(filled.log.pinnedSegments.map(\.sliceCount) == [1])
        #expect(try await slice.bytes().count == slice.byteCount)
      }
      #expect(filled.log.pinnedSegments == [])
    }
  }

  /// What a failed sync takes back is a part of the log no more.
  @Test(arguments: Place.all)
  func aSegmentThatIsRemoved(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.syncPolicy = .never
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      let value = [UInt8](repeating: 1, count: 1500)
      try log.append(Record(value: value))
      try await log.flush()
      for _ in 0..<4 { try log.append(Record(value: value)) }
      let reader = ZeroCopyReader(log)
      let slices = try await reader.allSlices()
      #expect(slices.map(\.segmentBaseOffset) == [0, 2, 4])
      log.poison(SystemError(.syncData, .inputOutput))
      let end = log.end
      #expect(log.pinnedSegments.map(\.baseOffset) == [0, 2, 4])
      #expect(log.pinnedSegments.map(\.isRemoved) == [0, 2, 4].map { $0 >= end.rawValue })
      #expect(log.pinnedSegments.last?.isRemoved == true)
      #expect(try await slices[2].bytes().count == slices[2].byteCount)
      await expectFailure(.poisoned) { try await log.close() }
    }
  }

  /// To close what has no name frees its space, which takes time on a device: no task does that.
  @Test(arguments: Place.all, [1, 3])
  func whoDropsTheLastSliceClosesNothing(_ place: Place, count: Int) async throws {
    try await place.withDirectory { directory in
      let files = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4096),
        environment: LogEnvironment(
          fileSystem: files, time: SystemClock(), random: SystemRandom()))
      let value = [UInt8](repeating: 1, count: 1500)
      for _ in 0..<7 { try log.append(Record(value: value)) }
      // Each segment has its final form.
      try await log.flush()
      let reader = ZeroCopyReader(log)
      var slices: [LogSlice] = []
      for _ in 0..<count { slices.append(try #require(try await reader.slice(from: .earliest))) }
      let descriptor = slices[0].file.descriptor
      try await log.deleteRecords(before: 2)
      #expect(log.pinnedSegments.map(\.isRemoved) == [true])
      files.forget()
      await withDiscardingTaskGroup { group in
        while let slice = slices.popLast() {
          group.addTask { withExtendedLifetime(slice) {} }
        }
      }
      for _ in 0..<1_000 where files.closer(of: descriptor) == nil {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(files.closer(of: descriptor) == "varve-worker")
      try await log.close()
    }
  }

  @Test(arguments: Place.all)
  func mappedBytesAreThoseThatAreRead(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let bytes = try filled.mappedBytes(reader)
      try await filled.log.close()
      #expect(try bytes == filled.fileBytes())
    }
  }
}

extension FilledLog {
  /// The bytes of all slices, as mappings show them.
  fileprivate func mappedBytes(_ reader: ZeroCopyReader) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var next = try reader.slice(from: .earliest, maximumByteCount: 10_000)
    while let slice = next {
      try slice.withUnsafeMappedBytes { mapped throws(LogError) in bytes += Array(mapped) }
      next = try reader.slice(after: slice, maximumByteCount: 10_000)
    }
    return bytes
  }
}
