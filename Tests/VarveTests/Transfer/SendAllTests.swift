import CLinuxForTests
import Foundation
import Testing
import Varve

/// Many slices to many descriptors, handed over in one.
@Suite struct SendAllTests {
  static let transports: [ZeroCopyReader.Transport] = [.sendfile, .splice, .copy, .automatic]

  @Test(arguments: transports)
  func eachGetsItsOwn(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(Place.all[0], transport: transport) { _, reader in
      let slices = try await reader.allSlices(maximumByteCount: 20_000)
      let links = try slices.indices.map { number in
        try Link(
          [.tcp, .socketPair, .pipe, .file][number % 4], nonblocking: number % 3 != 0)
      }
      let receivers = try links.map { try $0.receiverUnlessFile() }
      let results = await reader.sendAll(
        zip(slices, links).map { SliceSend($0, header: [1, 2, 3], to: $1.target) })
      #expect(try results.map { try $0.get() } == slices.map { $0.byteCount + 3 })
      for ((slice, link), receiver) in zip(zip(slices, links), receivers) {
        link.closeTarget()
        let isEqual = try await link.bytes(of: receiver) == [1, 2, 3] + slice.bytes()
        #expect(isEqual)
      }
    }
  }

  /// What is wrong with one is not the others' concern.
  @Test(arguments: transports)
  func eachHasAResultOfItsOwn(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(Place.all[0], transport: transport) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      let good = try Link(.socketPair, nonblocking: true)
      let gone = try Link(.socketPair, nonblocking: true)
      gone.closePeer()
      let receiver = try good.receiver()
      let results = await reader.sendAll([
        SliceSend(slice, to: -1), SliceSend(slice, to: good.target),
        SliceSend(slice, to: gone.target), SliceSend(slice, to: good.target),
      ])
      #expect(results.count == 4)
      await expectFailure(.invalidArgument) { try results[0].get() }
      #expect(try results[1].get() == slice.byteCount)
      await expectFailure(.disconnected) { try results[2].get() }
      #expect(try results[3].get() == slice.byteCount)
      good.closeTarget()
      // Two to one descriptor, one after the other.
      let isEqual = try await receiver.bytes() == slice.bytes() + slice.bytes()
      #expect(isEqual)
    }
  }

  @Test func nothingIsSentOfNothing() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      #expect(await reader.sendAll([]).isEmpty)
    }
  }

  @Test(arguments: transports)
  func aCancelledTaskEndsAll(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(
      Place.all[0], byteCount: 3 << 20, segmentByteCount: 8 << 20, transport: transport
    ) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      let links = try (0..<9).map { number in
        try Link(
          [.tcp, .socketPair, .pipe][number % 3], nonblocking: true, bufferByteCount: 64 << 10)
      }
      let progress = links.map { _ in TransferProgress() }
      let targets = links.map(\.target)
      let sending = Task {
        await reader.sendAll(
          zip(targets, progress).map { SliceSend(slice, to: $0, progress: $1) })
      }
      while progress.contains(where: { $0.sentByteCount == 0 }) { await Task.yield() }
      sending.cancel()
      for result in await sending.value { await expectFailure(.cancelled) { try result.get() } }
      // What was counted is what comes.
      let expected = try await slice.bytes()
      for (link, progress) in zip(links, progress) {
        link.closeTarget()
        let isPrefix = try await link.receiveAll() == Array(expected.prefix(progress.sentByteCount))
        #expect(isPrefix)
      }
    }
  }

  /// In a process that may have so many.
  @Test(
    .enabled(if: linux_may_allow_descriptors(6_000) == 1, "the limit of descriptors is lower"),
    arguments: ["splice", "automatic"])
  func twoThousandReceiversAtOnce(way: String) async {
    await #expect(processExitsWith: .success) { [way] in
      try #require(linux_allow_descriptors(6_000) == 0)
      try await FilledLog.with(
        Place.all[0], transport: way == "splice" ? .splice : .automatic
      ) { _, reader in
        let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 16_000))
        let expected = try await slice.bytes()
        let links = try (0..<2_000).map { _ in try Link(.socketPair, nonblocking: true) }
        async let received = onThread {
          try links.allSatisfy { try $0.receiveExactly(expected.count) == expected }
        }
        let results = await reader.sendAll(links.map { SliceSend(slice, to: $0.target) })
        try #require(try results.allSatisfy { try $0.get() == slice.byteCount })
        let isEqual = try await received
        try #require(isEqual)
      }
    }
  }
}
