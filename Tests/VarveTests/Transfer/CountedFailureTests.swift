import CLinuxForTests
import Foundation
import Testing
import Varve
import VarveSystem

/// Sends of an event loop that fail after bytes went out. In processes of their own, which have the limits that
/// make them fail.
@Suite struct CountedFailureTests {
  private static let header: [UInt8] = [1, 2, 3, 4, 5]

  private static func withSlice(
    _ transport: ZeroCopyReader.Transport, _ body: (LogSlice, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await FilledLog.with(
      Place.all[0], byteCount: 3 << 20, segmentByteCount: 8 << 20, transport: transport
    ) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      try #require(slice.byteCount > 2 << 20)
      // What the log itself does has its end before there are limits.
      try await filled.log.close()
      try await body(slice, reader)
    }
  }

  private static func sendNow(
    _ slice: LogSlice, from sent: Int, by reader: ZeroCopyReader, to link: Link
  ) async throws -> (sentByteCount: Int, wouldBlock: Bool) {
    let target = link.target
    return try await onThread {
      try reader.sendNow(slice, header: header, from: sent, to: target)
    }
  }

  /// Sends the rest, and compares all that came.
  private static func finish(
    _ slice: LogSlice, from sent: Int, by reader: ZeroCopyReader, to link: Link
  ) async throws {
    let receiver = try link.receiverUnlessFile()
    var sent = sent
    while sent < header.count + slice.byteCount {
      sent = try await sendNow(slice, from: sent, by: reader, to: link).sentByteCount
    }
    link.closeTarget()
    let isEqual = try await link.bytes(of: receiver) == header + slice.bytes()
    try #require(isEqual)
  }

  /// A pipe to splice through is only needed behind the header.
  @Test func whatWentOutBeforeAPipeIsMissing() async {
    await #expect(processExitsWith: .success) {
      try await Self.withSlice(.splice) { slice, reader in
        let link = try Link(.tcp, nonblocking: true)
        try #require(linux_limit_descriptors(3) == 0)
        let outcome = try await Self.sendNow(slice, from: 0, by: reader, to: link)
        try #require(outcome == (Self.header.count, false))
        let error = await expectFailure(.retry) {
          try await Self.sendNow(slice, from: outcome.sentByteCount, by: reader, to: link)
        }
        try #require(error?.systemCall?.errno == EMFILE)
        try #require(linux_limit_descriptors(256) == 0)
        try await Self.finish(slice, from: outcome.sentByteCount, by: reader, to: link)
      }
    }
  }

  /// Several turns go to a file before there is no more room.
  @Test(arguments: ["automatic", "sendfile", "copy"])
  func whatWentOutBeforeTheFileIsFull(way: String) async {
    await #expect(processExitsWith: .success) { [way] in
      let transports: [String: ZeroCopyReader.Transport] = [
        "automatic": .automatic, "sendfile": .sendfile, "copy": .copy,
      ]
      try await Self.withSlice(try #require(transports[way])) { slice, reader in
        let (link, limit) = (try Link(.file, nonblocking: false), 1_500_000)
        try #require(linux_ignore(SIGXFSZ) == 0)
        try #require(linux_limit_file_size(limit) == 0)
        let outcome = try await Self.sendNow(slice, from: 0, by: reader, to: link)
        try #require(outcome == (limit, false))
        let error = await expectFailure(.full) {
          try await Self.sendNow(slice, from: limit, by: reader, to: link)
        }
        try #require(error?.systemCall?.errno == EFBIG)
        try #require(linux_limit_file_size(-1) == 0)
        try await Self.finish(slice, from: limit, by: reader, to: link)
      }
    }
  }
}
