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
  /// Whether it is found out once where it leads.
  var keepsTarget = false

  var testDescription: String {
    "\(kind), \(isNonblocking ? "non-blocking" : "blocking"), \(call), \(transport)"
      + (keepsTarget ? ", kept" : "")
  }

  static let all: [Route] = Link.Kind.allCases.flatMap { kind in
    [false, true].flatMap { isNonblocking in
      Call.allCases.flatMap { call in
        [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic].map { transport in
          Route(kind: kind, isNonblocking: isNonblocking, call: call, transport: transport)
        } + [
          Route(
            kind: kind, isNonblocking: isNonblocking, call: call, transport: .automatic,
            keepsTarget: true)
        ]
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
    let target = keepsTarget ? try SendTarget(link.target) : nil
    let descriptor = link.target
    switch call {
    case .waiting:
      let count = try await onThread {
        if let target { return try reader.send(slice, header: header, to: target) }
        return try reader.send(slice, header: header, to: descriptor)
      }
      #expect(count == header.count + slice.byteCount)
    case .now:
      try await onThread {
        try inLoop(descriptor, byteCount: header.count + slice.byteCount) { sent in
          if let target {
            return try reader.sendNow(slice, header: header, from: sent, to: target)
          }
          return try reader.sendNow(slice, header: header, from: sent, to: descriptor)
        }
      }
    case .task:
      let count =
        if let target {
          try await reader.send(slice, header: header, to: target)
        } else {
          try await reader.send(slice, header: header, to: descriptor)
        }
      #expect(count == header.count + slice.byteCount)
    }
  }
}

/// What an event loop does: sends what fits, and asks the kernel when more does.
private func inLoop(
  _ descriptor: Int32, byteCount: Int,
  _ send: (_ sent: Int) throws -> (sentByteCount: Int, wouldBlock: Bool)
) throws {
  var sent = 0
  while sent < byteCount {
    let before = sent
    let wouldBlock: Bool
    (sent, wouldBlock) = try send(sent)
    try #require(sent >= before)
    if wouldBlock {
      try #require(sent < byteCount)
      _ = try HostDescriptor(rawValue: descriptor).waitUntilWritable(milliseconds: nil)
    } else if sent < byteCount {
      // Something is wrong, which is said now.
      let outcome = try send(sent)
      Issue.record("\(outcome), and not what is wrong")
      return
    }
  }
}
