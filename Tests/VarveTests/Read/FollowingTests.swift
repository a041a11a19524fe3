import Testing

@testable import Varve

/// A log that was opened to read what is written through another object, as another process would.
@Suite struct FollowingTests {
  private struct Pair {
    let files = UnsyncedFileSystem()
    let writing: ManualWorld
    /// A runtime of its own, as another process has.
    let reading: ManualWorld
    let configuration: LogConfiguration
    let log: Log
    let directory: String

    init(_ place: Place, _ directory: String) throws {
      writing = ManualWorld(fileSystem: files)
      reading = ManualWorld(fileSystem: files)
      configuration = place.configuration(segmentByteCount: 4 << 10)
      self.directory = directory
      log = try writing.open(directory, configuration)
    }

    func openToRead() throws -> Log {
      try reading.open(directory, configuration, mode: .readOnly)
    }

    /// Appends until the log has so many segments with names.
    func fill(segments count: Int) throws {
      while log.segments.count < count {
        try log.append(Record(value: "number \(log.end), with some more text behind it"))
        writing.settle()
      }
    }

    /// The next listing of the directory has no such segment.
    func miss(segment number: Int) {
      let name = SegmentFileName(log.segments[number].baseOffset, .log).description
      files.missedName.withLock { $0 = name }
    }
  }

  /// One segment gets its name while a listing is made, too late for it, and the next one in time.
  @Test(arguments: Place.all)
  func noSegmentIsMissed(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let pair = try Pair(place, directory)
      let early = try pair.openToRead()
      try pair.fill(segments: 4)
      pair.miss(segment: 1)
      #expect(try early.stored() == pair.log.stored())
      pair.miss(segment: 1)
      let late = try pair.openToRead()
      #expect(try late.stored() == pair.log.stored())
      #expect(late.segments == early.segments)
    }
  }

  /// What a writer does to the end that a reader knows.
  enum Deed: String, CaseIterable {
    case cutWithin, cutSegments, restart, goOnWithoutIt
  }

  /// A reader whose end is no part of the log any more is told so, and reads no mixture.
  @Test(arguments: Place.all, Deed.allCases)
  func aCutIsNoticed(_ place: Place, _ deed: Deed) async throws {
    try await place.withDirectory { directory in
      let pair = try Pair(place, directory)
      try pair.fill(segments: 3)
      let reader = try pair.openToRead()
      let (known, end) = (try reader.stored(), reader.end)
      func wait() -> Task<LogError?, Never> {
        Task { await asyncError { for try await _ in reader.tail(from: .latest) {} } }
      }
      // Who waits where the log goes on, goes on with it, and has missed nothing.
      let early = deed == .goOnWithoutIt ? nil : wait()
      let log = pair.log
      switch deed {
      case .cutWithin: try log.truncateNow(to: end.advanced(by: -1))
      case .cutSegments: try log.truncateNow(to: log.segments[1].baseOffset)
      case .restart: try log.restartNow(at: 7)
      case .goOnWithoutIt:
        try pair.fill(segments: 6)
        try log.deleteRecordsNow(before: log.segments[5].baseOffset)
      }
      for _ in 0..<3 { try log.append(Record(value: "something else")) }
      #expect(await asyncError { try await reader.record(at: end) }?.code == .trimmed)
      // Woken by that, or told when it begins to wait.
      let waiting = early ?? wait()
      #expect(await waiting.value?.code == .trimmed)
      #expect(reader.end == end)
      #expect(await asyncError { try await reader.record(at: end) }?.code == .trimmed)
      let again = try pair.openToRead()
      #expect(try again.stored() == log.stored())
      let found = try again.stored()
      #expect(deed == .goOnWithoutIt || known != found)
    }
  }

  /// However many segments it goes through, a reader has few files open.
  @Test(arguments: Place.all)
  func fewFilesAreOpen(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let pair = try Pair(place, directory)
      let reader = try pair.openToRead()
      for count in stride(from: 2, through: 40, by: 2) {
        try pair.fill(segments: count)
        try reader.follow()
      }
      #expect(reader.end == pair.log.end)
      let openCount = reader.table.current.segments.count { $0.parts.file != nil }
      // And the one that is being written.
      #expect(openCount <= LogLimits.openFileCount.lowerBound + 1)
      #expect(try reader.stored() == pair.log.stored())
      for number in stride(from: 0, to: reader.end.rawValue, by: 50) {
        let offset = Offset(rawValue: number)
        #expect(try reader.recordNow(at: offset) == pair.log.recordNow(at: offset))
      }
    }
  }
}
