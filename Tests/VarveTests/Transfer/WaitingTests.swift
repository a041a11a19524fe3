import Testing
import Varve

/// Slices that are not there yet.
@Suite struct WaitingTests {
  @Test(arguments: Place.all)
  func slicesComeAsTheLogGrows(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 10_000, segmentByteCount: 64 << 10) {
      filled, reader in
      let log = filled.log
      let receiver = Task {
        var slices: [LogSlice] = []
        var next = try await reader.waitForSlice(from: .earliest)
        while let slice = next {
          slices.append(slice)
          next = try await reader.waitForSlice(after: slice)
        }
        return slices
      }
      for number in 0..<500 {
        try log.append(Record(value: String(repeating: "text \(number) ", count: 30)))
        if number % 50 == 0 { await Task.yield() }
      }
      try await log.close()
      let slices = try await receiver.value
      let isEqual = try await slices.bytes() == filled.fileBytes()
      #expect(isEqual)
      #expect(slices.last?.offsets.upperBound == log.end)
    }
  }

  @Test(arguments: Place.all)
  func latestIsWhatComesNext(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 10_000) { filled, reader in
      let log = filled.log
      let end = log.end
      let appender = Task {
        while !Task.isCancelled {
          try log.append(Record(value: "next"))
          await Task.yield()
        }
      }
      let slice = try #require(try await reader.waitForSlice(from: .latest))
      appender.cancel()
      try await appender.value
      #expect(slice.offsets.lowerBound >= end)
    }
  }

  /// Whether it waits already or not yet.
  @Test(arguments: Place.all)
  func closingEndsTheWait(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 10_000) { filled, reader in
      let early = Task { try await reader.waitForSlice(from: .latest) }
      let last = try #require(try await reader.waitForSlice(from: .last(1)))
      let behind = Task { try await reader.waitForSlice(after: last) }
      try await filled.log.close()
      #expect(try await early.value == nil)
      #expect(try await behind.value == nil)
      #expect(try await reader.waitForSlice(from: .latest) == nil)
      #expect(try await reader.waitForSlice(from: .last(1))?.offsets == last.offsets)
    }
  }

  @Test(arguments: Place.all)
  func cancellingEndsTheWait(_ place: Place) async throws {
    try await FilledLog.with(place, byteCount: 10_000) { filled, reader in
      let last = try #require(try await reader.slice(from: .last(1)))
      let waiting = [
        Task { try await reader.waitForSlice(from: .latest) },
        Task { try await reader.waitForSlice(after: last) },
      ]
      for task in waiting {
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
      }
    }
  }
}
