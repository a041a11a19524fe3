import CLinuxForTests
import Foundation
import Testing

@testable import Varve

/// Calls that are interrupted, do less than they are asked for, or find no room where there is some: all of
/// that is the kernel's right, and nothing but time is lost by it.
@Suite struct FickleCallTests {
  @Test(arguments: Place.all.indices)
  func aLogAndItsReadersGoOn(place: Int) async {
    await #expect(processExitsWith: .success) { [place] in
      // There is no such thing under a sanitizer.
      guard linux_be_fickle(UInt32(place) + 1) == 0 else { return }
      try await Self.run(Place.all[place])
      try #require(linux_fickle_count() > 1_000)
    }
  }

  private static func run(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 128 << 10)
      configuration.cleaner = .compact()
      let log = try await Log.open(at: directory, configuration: configuration)
      let filled = FilledLog(log: log, directory: directory)
      for _ in 0..<3 {
        try filled.fill(300 << 10)
        try await log.append(Record(key: "synced", value: "yes"), durability: .durable)
      }
      try await send(filled)
      let before = try await bytes(of: log)
      try await log.close()
      let opened = try await Log.open(at: directory, configuration: configuration)
      try #require(opened.recovery == nil)
      let isSame = try await bytes(of: opened) == before
      try #require(isSame)
      try #require(try await opened.verify().isSound)
      try await opened.clean()
      try await opened.truncate(to: Offset(rawValue: opened.end.rawValue / 2))
      try #require(try await opened.verify().isSound)
      try await opened.close()
    }
  }

  /// By each way, over everything that can be sent to.
  private static func send(_ filled: FilledLog) async throws {
    let reader = ZeroCopyReader(filled.log)
    let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 60_000))
    let small = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4_096))
    let header = [UInt8](repeating: 7, count: 100)
    for route in Route.all {
      let reader = ZeroCopyReader(filled.log, transport: route.transport)
      let link = try route.link()
      let receiver = try link.receiverUnlessFile()
      for slice in [small, slice, small] {
        try await route.send(slice, header: header, by: reader, to: link)
      }
      link.closeTarget()
      let expected = try await [small, slice, small].frames(header)
      let isEqual = try await link.bytes(of: receiver) == expected
      try #require(isEqual, "\(route.testDescription)")
    }
  }

  private static func bytes(of log: Log) async throws -> [UInt8] {
    try await ZeroCopyReader(log).allSlices().bytes()
  }
}

extension [LogSlice] {
  fileprivate func frames(_ header: [UInt8]) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for slice in self { bytes += header + (try await slice.bytes()) }
    return bytes
  }
}
