/// What comes from a connection, with what has come and not been read yet. Its calls wait.
public struct Incoming: Sendable {
  private let connection: Connection
  private var buffer: [UInt8] = []
  private var first = 0

  private static let chunkByteCount = 64 << 10

  /// What comes from a connection; nobody else reads from it.
  public init(_ connection: Connection) { self.connection = connection }

  /// What has come and has not been read.
  public var unread: ArraySlice<UInt8> { buffer[first...] }

  /// Takes so many of the unread bytes as read.
  public mutating func skip(_ count: Int) { first += count }

  /// Waits for more; false at the end.
  public mutating func fill() throws -> Bool {
    buffer.removeFirst(first)
    first = 0
    let more = try connection.receive(atMost: Self.chunkByteCount)
    buffer += more
    return !more.isEmpty
  }

  /// So many bytes, or nil where the peer has ended before the first of them.
  public mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8>? {
    while unread.count < count {
      if try fill() { continue }
      guard unread.isEmpty else { throw ExampleError("the peer ended in the middle") }
      return nil
    }
    defer { first += count }
    return unread.prefix(count)
  }

  /// A line without its end, or nil where the peer has ended. What is no whole line is none.
  public mutating func line(atMost maximum: Int) throws -> String? {
    while true {
      if let end = unread.prefix(maximum + 1).firstIndex(of: UInt8(ascii: "\n")) {
        defer { first = end + 1 }
        return String(decoding: buffer[first..<end], as: UTF8.self)
      }
      guard unread.count <= maximum else { throw ExampleError("a line of over \(maximum) bytes") }
      guard try fill() else { return nil }
    }
  }
}
