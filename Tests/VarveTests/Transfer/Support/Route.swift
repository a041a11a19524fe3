import Foundation
import Testing
import Varve
import VarveSystem

/// A way for slices to go: over what, and by which of the calls.
struct Route: CustomTestStringConvertible, Sendable {
  enum Call: String, CaseIterable {
    /// The form that waits.
    case waiting
    /// The form for event loops, with a loop around it.
    case now
    /// The form for tasks.
    case task
  }

  let kind: Link.Kind
  let isNonblocking: Bool
  let call: Call
  let transport: ZeroCopyReader.Transport

  var testDescription: String {
    "\(kind), \(isNonblocking ? "non-blocking" : "blocking"), \(call), \(transport)"
  }

  static let all: [Route] = Link.Kind.allCases.flatMap { kind in
    [false, true].flatMap { isNonblocking in
      Call.allCases.flatMap { call in
        [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic].map { transport in
          Route(kind: kind, isNonblocking: isNonblocking, call: call, transport: transport)
        }
      }
    }
  }
  // An event loop has no use for a blocking socket, and is told so.
  .filter { $0.call != .now || $0.isNonblocking || $0.kind == .file }

  /// Those with a receiver who may be slow, or go away.
  static let withReceiver = all.filter { $0.kind != .file }

  func link(bufferByteCount: Int? = nil) throws -> Link {
    try Link(kind, nonblocking: isNonblocking, bufferByteCount: bufferByteCount)
  }

  /// Sends all of a slice.
  func send(
    _ slice: LogSlice, header: [UInt8] = [], by reader: ZeroCopyReader, to link: Link
  ) async throws {
    let target = link.target
    switch call {
    case .waiting:
      let count = try await onThread { try reader.send(slice, header: header, to: target) }
      #expect(count == header.count + slice.byteCount)
    case .now:
      try await onThread { try sendInLoop(slice, header, by: reader, to: target) }
    case .task:
      let count = try await reader.send(slice, header: header, to: target)
      #expect(count == header.count + slice.byteCount)
    }
  }
}

/// What an event loop does: sends what fits, and asks the kernel when more does.
private func sendInLoop(
  _ slice: LogSlice, _ header: [UInt8], by reader: ZeroCopyReader, to target: Int32
) throws {
  var sent = 0
  while sent < header.count + slice.byteCount {
    let before = sent
    let wouldBlock: Bool
    (sent, wouldBlock) = try reader.sendNow(slice, header: header, from: sent, to: target)
    try #require(sent >= before)
    try #require(wouldBlock == (sent < header.count + slice.byteCount))
    if wouldBlock {
      _ = try HostDescriptor(rawValue: target).waitUntilWritable(milliseconds: nil)
    }
  }
}
