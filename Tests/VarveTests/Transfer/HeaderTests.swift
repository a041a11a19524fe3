import Foundation
import Testing
import Varve

/// Headers of the caller's, that go before a slice.
@Suite struct HeaderTests {
  @Test(arguments: Route.all)
  func itComesFirst(_ route: Route) async throws {
    try await FilledLog.with(Place.all[0], transport: route.transport) { _, reader in
      let slices = try await reader.allSlices(maximumByteCount: 100_000)
      var expected: [UInt8] = []
      for (number, slice) in slices.enumerated() {
        expected += header(number)
        expected += try await slice.bytes()
      }
      let link = try route.link()
      let receiver = try link.receiverUnlessFile()
      for (number, slice) in slices.enumerated() {
        try await route.send(slice, header: header(number), by: reader, to: link)
      }
      link.closeTarget()
      let isEqual = try await link.bytes(of: receiver) == expected
      #expect(isEqual)
      // What is counted is what came of the log.
      #expect(reader.statistics.byteCount == slices.reduce(0) { $0 + $1.byteCount })
    }
  }

  /// Some larger than any buffer.
  private func header(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: [12, 0, 1, 300_000][number % 4])
  }

  /// A send that ended within the header goes on within it.
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic])
  func progressCountsBoth(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(Place.all[0], transport: transport) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      let header = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
      let link = try Link(.tcp, nonblocking: true, bufferByteCount: 64 << 10)
      let (target, progress) = (link.target, TransferProgress())
      let sending = Task {
        try await reader.send(slice, header: header, to: target, progress: progress)
      }
      while progress.sentByteCount == 0 { await Task.yield() }
      sending.cancel()
      await expectFailure(.cancelled) { try await sending.value }
      let first = progress.sentByteCount
      #expect(first < header.count)
      let receiver = try link.receiver()
      let count = try await reader.send(slice, header: header, to: target, progress: progress)
      #expect(first + count == header.count + slice.byteCount)
      #expect(progress.sentByteCount == header.count + slice.byteCount)
      link.closeTarget()
      let isEqual = try await receiver.bytes() == header + slice.bytes()
      #expect(isEqual)
    }
  }
}
