import CLinuxForTests
import Foundation
import Testing

@testable import Varve

/// A process that may have 64 descriptors, and has none left at times.
@Suite struct FewDescriptorsTests {
  private static let limit = 64

  @Test(arguments: Place.all.indices)
  func aLogGoesOnOnceThereAreSome(place: Int) async {
    await #expect(processExitsWith: .success) { [place] in
      try #require(linux_limit_descriptors(Self.limit) == 0)
      try await Self.run(Place.all[place])
    }
  }

  private static func run(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 48 << 10))
      let filled = FilledLog(log: log, directory: directory)
      // Segments that wait for their final forms are open, too.
      while log.byteCount < 12 << 20 { try await again { try filled.fill(256 << 10) } }
      try #require(log.segments.count > 2 * limit)
      let sliceCount = try await keepSlices(of: log)
      try #require(sliceCount > limit / 4)
      let end = log.end
      let others = Hoard()
      // Whatever is asked for now is refused at once, or does without.
      var refusals: Set<LogError.Code> = []
      for _ in 0..<2_000 {
        if let refusal = error({ try log.append(Record(value: "while there are none")) }) {
          refusals.insert(refusal.code)
        }
      }
      try #require(refusals.isSubset(of: [.retry]))
      var opening: LogError?
      // Upkeep may be giving some back just now.
      for _ in 0..<100 where opening == nil {
        others.takeAll()
        opening = await asyncError { try await Log.open(at: directory + "-other").close() }
      }
      try #require(opening?.code == .retry)
      others.giveBack()
      let appended = log.end
      try #require(appended >= end)
      try await again { try log.append(Record(value: "again")) }
      try #require(log.end == appended.advanced(by: 1))
      try await again { try await log.close() }
      let opened = try await Log.open(at: directory)
      try #require(opened.recovery == nil)
      try #require(opened.end == appended.advanced(by: 1))
      try #require(try await opened.verify().isSound)
      try await opened.close()
    }
  }
}

extension FewDescriptorsTests {
  /// What a host does that is told to come again.
  private static func again<Value>(_ body: () async throws -> Value) async throws {
    for _ in 0..<1_000 {
      guard let refusal = await asyncError(body) else { return }
      try #require(refusal.code == .retry)
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it was refused a thousand times")
  }

  /// Slices of one segment after the other, which are kept, until there are no descriptors left: then the
  /// next one is refused. Returns how many there were.
  private static func keepSlices(of log: Log) async throws -> Int {
    var found: [LogSlice] = []
    let reader = ZeroCopyReader(log)
    let refusal = await asyncError {
      for segment in log.segments.dropLast() {
        if let slice = try await reader.slice(from: .offset(segment.baseOffset)) {
          found.append(slice)
        }
      }
    }
    try #require(refusal?.code == .retry)
    for slice in found {
      let bytes = try await slice.bytes()
      try #require(bytes.count == slice.byteCount)
    }
    return found.count
  }
}

/// All descriptors that are left.
private final class Hoard {
  private var descriptors: [Int32] = []

  init() { takeAll() }

  func takeAll() {
    while true {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      descriptors.append(descriptor)
    }
  }

  func giveBack() {
    for descriptor in descriptors { close(descriptor) }
    descriptors = []
  }
}
