import ExampleSockets

/// A client that publishes.
struct Publisher {
  let port: UInt16

  /// How many frames are sent before their offsets are waited for: these fit into a socket's buffer, so
  /// that nobody waits for the other.
  private static let windowFrameCount = 256

  func publishStandardInput() throws {
    let connection = try Connection(to: port)
    var incoming = Incoming(connection)
    try connection.send("PUBLISH\n")
    var (count, last) = (0, Int64(0))
    while true {
      let frames = try frames()
      guard !frames.isEmpty else { break }
      try connection.send(Array(frames.joined()))
      for _ in frames {
        guard let answer = try incoming.bytes(8) else {
          throw ExampleError(
            "the server is gone: of what follows the first \(count) nothing is known")
        }
        last = Int64(bigEndianBytes: answer)
        guard last != Request.refusedFrame else {
          throw ExampleError("the first \(count) lines were published, and no more")
        }
        count += 1
      }
    }
    say(count == 0 ? "nothing published" : "published \(count), the last at offset \(last)")
  }

  private func frames() throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    while frames.count < Self.windowFrameCount, let line = readLine() {
      let value = Array(line.utf8)
      guard value.count <= Request.maximumFrameByteCount else {
        throw ExampleError("a line of \(value.count) bytes")
      }
      frames.append(UInt32(value.count).bigEndianBytes + value)
    }
    return frames
  }
}
