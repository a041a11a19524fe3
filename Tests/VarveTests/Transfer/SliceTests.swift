import Foundation
import Testing
import Varve

/// What is in a slice.
@Suite struct SliceTests {
  @Test(arguments: Place.all)
  func slicesOfAnySizeMakeUpTheFiles(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      var found: [(maximum: Int, slices: [LogSlice])] = []
      for maximum in [.min, 0, 1, 100, 5_000, 20_000, 70_000, 1 << 20, .max] {
        found.append((maximum, try await reader.allSlices(maximumByteCount: maximum)))
      }
      try await filled.log.close()
      let bytes = try filled.fileBytes()
      for (maximum, slices) in found {
        let isEqual = try await slices.bytes() == bytes
        #expect(isEqual, "slices of \(maximum)")
        try await expect(slices, areOf: maximum, in: filled.log)
      }
      #expect(found.map(\.slices.count) == found.map(\.slices.count).sorted(by: >))
      #expect(found.last?.slices.count == filled.log.segments.count)
    }
  }

  /// Slices are whole batches, one behind the other, and none could have taken one more.
  private func expect(
    _ slices: [LogSlice], areOf maximum: Int, in log: Log
  ) async throws {
    var next: Offset = 0
    var room = 0
    var segment: Offset?
    for slice in slices {
      let headers = try headers(of: try await slice.bytes())
      let (first, last) = (try #require(headers.first), try #require(headers.last))
      #expect(slice.offsets == first.baseOffset..<last.nextOffset)
      #expect(slice.offsets.lowerBound == next)
      #expect(slice.byteCount <= max(0, maximum) || headers.count == 1)
      #expect(slice.segmentBaseOffset != segment || first.byteCount > room)
      (next, segment, room) = (
        last.nextOffset, slice.segmentBaseOffset, max(0, maximum) - slice.byteCount
      )
    }
    #expect(next == log.end)
  }

  @Test(arguments: Place.all)
  func aSliceBeginsWithTheBatchThatHoldsTheOffset(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 300 << 10) { filled, reader in
      for offset in 0..<filled.log.end.rawValue {
        let offset = Offset(rawValue: offset)
        let slice = try await reader.slice(from: .offset(offset), maximumByteCount: 1)
        let found = try #require(slice)
        #expect(found.offsets.contains(offset))
        let batches = try headers(of: try await found.bytes())
        #expect(batches.map(\.offsets) == [found.offsets])
      }
    }
  }

  @Test(arguments: Place.all)
  func positionsAreThoseOfTheLog(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let end = filled.log.end
      let earliest = try await reader.slice(from: .earliest)
      #expect(earliest?.offsets.lowerBound == 0)
      #expect(try await reader.slice(from: .latest) == nil)
      #expect(try await reader.slice(from: .offset(end)) == nil)
      let last = try await reader.slice(from: .last(1))
      #expect(last?.offsets.upperBound == end)
      let literal = try await reader.slice(from: 42, maximumByteCount: 1)
      #expect(literal?.offsets.contains(42) == true)

      for offset: Offset in [0, 17, 40, Offset(rawValue: end.rawValue / 2)] {
        let time = FilledLog.time(of: offset)
        let slice = try await reader.slice(from: .timestamp(time), maximumByteCount: 1)
        #expect(slice?.offsets.contains(offset) == true)
      }
      #expect(try await reader.slice(from: .timestamp(FilledLog.time(of: end))) == nil)

      let beyond = LogPosition.offset(Offset(rawValue: end.rawValue + 1))
      await expectFailure(.invalidArgument) { try await reader.slice(from: beyond) }
      await expectFailure(.trimmed) { try await reader.slice(from: .offset(-1)) }
    }
  }

  @Test(arguments: Place.all)
  func threadsMayWaitForSlices(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let slices = try await onThread {
        var slices: [LogSlice] = []
        var next = try reader.slice(from: .earliest, maximumByteCount: 30_000)
        while let slice = next {
          slices.append(slice)
          next = try reader.slice(after: slice, maximumByteCount: 30_000)
        }
        return slices
      }
      let sizes = try await onThread {
        try slices.map { slice in try slice.withBytes { $0.byteCount } }
      }
      #expect(sizes == slices.map(\.byteCount))
      let expected = try await reader.allSlices(maximumByteCount: 30_000)
      #expect(slices.map(\.offsets) == expected.map(\.offsets))
      #expect(slices.map(\.position) == expected.map(\.position))
      await expectFailure(.cancelled) {
        try await onThread {
          try slices[0].withBytes { _ throws(LogError) in throw LogError(.cancelled, "enough") }
        }
      }
    }
  }

  @Test(arguments: Place.all)
  func aSliceOutlivesItsLogAndItsFile(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(at: directory, configuration: place.configuration())
      let filled = FilledLog(log: log, directory: directory)
      try filled.fill(300 << 10)
      let slices = try await ZeroCopyReader(log).allSlices(maximumByteCount: 10_000)
      try await log.close()
      let bytes = try filled.fileBytes()
      try FileManager.default.removeItem(atPath: directory)
      let isEqual = try await slices.bytes() == bytes
      #expect(isEqual)
    }
  }

  @Test(arguments: Place.all)
  func aClosedLogStillGivesSlices(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      try await filled.log.close()
      let slices = try await reader.allSlices(maximumByteCount: 50_000)
      let isEqual = try await slices.bytes() == filled.fileBytes()
      #expect(isEqual)
    }
  }

  @Test(arguments: Place.all)
  func aReopenedLogGivesTheSameSlices(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration()
      let log = try await Log.open(at: directory, configuration: configuration)
      try FilledLog(log: log, directory: directory).fill(300 << 10)
      let before = try await ZeroCopyReader(log).allSlices(maximumByteCount: 20_000)
      try await log.close()
      let again = try await Log.open(at: directory, configuration: configuration)
      let after = try await ZeroCopyReader(again).allSlices(maximumByteCount: 20_000)
      #expect(before.map(\.description) == after.map(\.description))
      // What comes behind a slice does not depend on which opening of the log it is of.
      let last = try #require(before.last)
      #expect(try await ZeroCopyReader(again).slice(after: last) == nil)
      let next = try await ZeroCopyReader(again).slice(after: before[0])
      #expect(next?.offsets.lowerBound == before[0].offsets.upperBound)
      try await again.close()
    }
  }

  @Test(arguments: Place.all)
  func callersMayReadForThemselves(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let slice = try #require(try await reader.slice(from: 100, maximumByteCount: 20_000))
      let bytes = try slice.withDescriptor { descriptor, position, byteCount in
        [UInt8](unsafeUninitializedCapacity: byteCount) { memory, count in
          count = max(0, pread(descriptor, memory.baseAddress, byteCount, position))
        }
      }
      let isEqual = try await slice.bytes() == bytes
      #expect(isEqual)
    }
  }

  /// A segment's last byte taken away by someone else.
  @Test(arguments: Place.all)
  func aCutFileIsAnError(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      try #require(slice.position == 0)
      try await filled.cutFirstSegment(to: slice.byteCount - 1)
      await expectFailure(.corrupt) { try await slice.bytes() }
    }
  }
}
