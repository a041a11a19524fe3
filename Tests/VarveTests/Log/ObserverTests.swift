import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// What observers hear, and what they may do about it.
@Suite struct ObserverTests {
  /// Calls the log that it hears of.
  private final class Caller: LogObserver {
    /// The log has the observer, so the observer must not have the log.
    private struct Watched {
      weak var log: Log?
    }

    private let watched = Mutex(Watched())
    private let call: @Sendable (Log, LogEvent) -> Void

    init(_ call: @escaping @Sendable (Log, LogEvent) -> Void) { self.call = call }

    func watch(_ log: Log) { watched.withLock { $0.log = log } }

    func log(at directory: String, did event: LogEvent) {
      if let log = watched.withLock({ $0.log }) { call(log, event) }
    }
  }

  /// An observer that appends, so much that the log must go on in a new segment.
  @Test(arguments: Place.all)
  func anObserverMayAppend(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = Caller { log, event in
        guard case .sealed(baseOffset: 0) = event else { return }
        for _ in 0..<100 { _ = try? log.append(Record(value: "a segment has been sealed")) }
      }
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      observer.watch(log)
      let before = 60
      for _ in 0..<before { try log.append(Record(value: "some text to fill the segment")) }
      world.settle()
      #expect(log.end == Offset(rawValue: Int64(before + 100)))
      try log.closeNow()
    }
  }

  /// An observer that closes the log while it is looked after.
  @Test(arguments: Place.all)
  func anObserverMayClose(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = Caller { log, event in
        guard case .rolled = event else { return }
        try? log.closeNow()
      }
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      observer.watch(log)
      for _ in 0..<60 { try log.append(Record(value: "some text to fill the segment")) }
      world.settle()
      #expect(error { try log.append(Record(value: "x")) }?.code == .closed)
      #expect(log.end == 60)
    }
  }

  @Test(arguments: Place.all)
  func rollsAreToldInOrder(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = EventRecorder()
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      for _ in 0..<200 { try log.append(Record(value: "some text to fill the segment")) }
      try log.closeNow()
      let bases = log.segments.map(\.baseOffset)
      let expected = zip(bases, bases.dropFirst()).flatMap { base, next -> [LogEvent] in
        [.sealed(baseOffset: base), .rolled(to: next, because: .bytes)]
      }
      #expect(observer.all == expected)
    }
  }

  /// However many segments are read, few stay open.
  @Test(arguments: Place.all)
  func readingKeepsFewFilesOpen(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      var options = BatchOptions()
      let most = world.runtime.segments.fileLimit
      for number in 0..<Int64(most + 50) {
        options.baseOffset = Offset(rawValue: number)
        let batch = try RecordBatch.of([Record(value: "x", timestamp: .at(number))], options)
        try SegmentOnDisk.write([batch], base: options.baseOffset, in: directory)
      }
      let log = try world.open(directory, configuration)
      let files = log.table.current.segments
      #expect(try log.stored().count == files.count)
      #expect(files.count { $0.parts.file != nil } <= most + 1)
      for each in try log.stored() { #expect(try log.recordNow(at: each.offset) == each.record) }
      #expect(files.count { $0.parts.file != nil } <= most + 1)
      #expect(world.runtime.segments.usage.fileCount <= most)
      try log.closeNow()
    }
  }
}
