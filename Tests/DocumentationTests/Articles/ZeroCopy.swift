import Varve

// What the article "Zero copy" shows.

func sendOnce(_ log: Log, to socket: Int32) async throws {
  let reader = ZeroCopyReader(log)
  if let slice = try await reader.slice(from: 42, maximumByteCount: 1 << 20) {
    try await reader.send(slice, to: socket)
  }
}

struct RawServer: Sendable {
  let reader: ZeroCopyReader

  func serve(_ socket: Int32, from offset: Offset) async throws {
    let target = try SendTarget(socket)
    var slice = try await reader.waitForSlice(from: .offset(offset))
    while let next = slice {
      try await reader.send(next, header: frame(of: next), to: target)
      slice = try await reader.waitForSlice(after: next)
    }
  }

  /// How many bytes follow: four bytes, big-endian.
  private func frame(of slice: LogSlice) -> [UInt8] {
    withUnsafeBytes(of: UInt32(slice.byteCount).bigEndian) { Array($0) }
  }
}

/// One connection of an event loop.
final class LoopConnection {
  private let reader: ZeroCopyReader
  private let socket: Int32
  private let slice: LogSlice
  private var sent = 0

  init(_ reader: ZeroCopyReader, _ slice: LogSlice, to socket: Int32) {
    (self.reader, self.slice, self.socket) = (reader, slice, socket)
  }

  /// To be called when the slice has come, and whenever the loop says that the socket has room. Whether
  /// the loop is to say so again.
  func sendMore() throws -> Bool {
    while sent < slice.byteCount {
      let wouldBlock: Bool
      (sent, wouldBlock) = try reader.sendNow(slice, from: sent, to: socket)
      if wouldBlock { return true }
    }
    return false
  }
}
