import Foundation
import Testing
import Varve

/// Slices that are not in memory.
@Suite struct ColdTransferTests {
  static let onDisk = Place.all.filter { $0.medium == .disk }
  static let hasRing = RingSupport.probe() == .available

  @Test(arguments: onDisk)
  func everyRouteBringsTheFiles(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 150_000)
      let bytes = try await slices.bytes()
      for route in Route.all {
        let reader = ZeroCopyReader(filled.log, transport: route.transport)
        let link = try route.link()
        try filled.dropFromMemory()
        let receiver = try link.receiverUnlessFile()
        for slice in slices { try await route.send(slice, by: reader, to: link) }
        link.closeTarget()
        let came = try await link.bytes(of: receiver)
        let isEqual = came == bytes
        #expect(isEqual, "\(route.testDescription)")
        #expect(reader.statistics.byteCount == bytes.count)
      }
    }
  }

  /// However small they are: nobody else waits for the device then.
  @Test(
    .enabled(if: hasRing, "there is no io_uring"),
    arguments: [Link.Kind.tcp, .socketPair, .pipe])
  func theRingReadsThem(kind: Link.Kind) async throws {
    try await FilledLog.with(Self.onDisk[1], byteCount: 3 << 20) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 10_000)
      let expected = try await slices.bytes()
      try filled.dropFromMemory()
      let link = try Link(kind, nonblocking: true)
      let receiver = try link.receiver()
      // Backwards: nothing is read ahead that way.
      for slice in slices.reversed() { try await reader.send(slice, to: link.target) }
      link.closeTarget()
      let count = try await receiver.bytes().count
      #expect(count == expected.count)
      #expect(reader.statistics.ringByteCount > 0)
      #expect(reader.statistics.byteCount == expected.count)
    }
  }

  /// More of them than may wait for a device at a time, and each to its own receiver.
  @Test(arguments: [ZeroCopyReader.Transport.automatic, .splice])
  func manyAtOnceAllArrive(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(Self.onDisk[0], byteCount: 2 << 20, transport: transport) {
      filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 64 << 10)
      let expected = try await slices.bytes()
      try filled.dropFromMemory()
      try await withThrowingTaskGroup { group in
        for number in 0..<12 {
          let link = try Link([.tcp, .socketPair, .pipe][number % 3], nonblocking: true)
          group.addTask {
            for slice in slices { try await reader.send(slice, to: link.target) }
            link.closeTarget()
          }
          group.addTask {
            let isEqual = try await link.receiveAll() == expected
            #expect(isEqual)
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
