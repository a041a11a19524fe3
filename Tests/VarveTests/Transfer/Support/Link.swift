import Foundation
import Testing
import VarveSystem

/// A descriptor that slices are sent to, and another one where what was sent comes out.
final class Link: Sendable {
  enum Kind: String, CaseIterable, Codable { case tcp, socketPair, pipe, file }

  let kind: Kind
  let isNonblocking: Bool
  private let ends: Lock<(target: Int32, peer: Int32)>

  /// - Parameters:
  ///   - bufferByteCount: How much a socket's two ends keep, about; nil for what they do.
  ///   - directory: Where a file lies, which loses its name at once.
  init(
    _ kind: Kind, nonblocking: Bool, bufferByteCount: Int? = nil,
    directory: String = NSTemporaryDirectory()
  ) throws {
    self.kind = kind
    isNonblocking = nonblocking
    let (target, peer) =
      switch kind {
      case .tcp: try Self.tcp(bufferByteCount)
      case .socketPair: try Self.socketPair(bufferByteCount)
      case .pipe: try Self.pipe()
      case .file: try Self.file(in: directory)
      }
    ends = Lock((target, peer))
    if nonblocking {
      try #require(fcntl(target, F_SETFL, fcntl(target, F_GETFL) | O_NONBLOCK) == 0)
    }
  }

  /// One to a file that is open already, and is closed with the link.
  init(toFile target: Int32) {
    kind = .file
    isNonblocking = false
    ends = Lock((target, -1))
  }

  deinit {
    closeTarget()
    closePeer()
  }

  var target: Int32 { ends.withLock { $0.target } }
  var peer: Int32 { ends.withLock { $0.peer } }

  func closeTarget() { close(\.target) }
  func closePeer() { close(\.peer) }

  private func close(_ end: WritableKeyPath<(target: Int32, peer: Int32), Int32>) {
    let descriptor = ends.withLock { ends in
      defer { ends[keyPath: end] = -1 }
      return ends[keyPath: end]
    }
    if descriptor >= 0 { _ = Foundation.close(descriptor) }
  }
}

extension Link {
  /// Gives a socket so much time to send in; 0 for any.
  func limitSending(toMicroseconds count: Int) throws {
    var time = timeval(tv_sec: 0, tv_usec: count)
    let length = socklen_t(MemoryLayout<timeval>.size)
    try #require(setsockopt(target, SOL_SOCKET, SO_SNDTIMEO, &time, length) == 0)
  }

  /// Puts bytes into a socket until nothing more fits in.
  func fill() throws {
    let bytes = [UInt8](repeating: 0, count: 1 << 16)
    while send(target, bytes, bytes.count, Int32(MSG_DONTWAIT)) >= 0 {}
    try #require(errno == EAGAIN)
  }

  /// Has a TCP socket tell when what it is given leaves. Whoever does not fetch that has a socket that is
  /// ready all the time, full as it may be.
  func askForNews() throws {
    // SO_TIMESTAMPING, of what leaves, by the kernel's clock: SOF_TIMESTAMPING_TX_SOFTWARE and
    // SOF_TIMESTAMPING_SOFTWARE.
    var flags: Int32 = 1 << 1 | 1 << 4
    let length = socklen_t(MemoryLayout<Int32>.size)
    try #require(setsockopt(target, SOL_SOCKET, SO_TIMESTAMPING, &flags, length) == 0)
  }
}

// MARK: What comes out

extension Link {
  /// Waits for bytes, and takes so many at the most; none are left once the target is closed.
  func receive(_ count: Int = 1 << 20) throws -> [UInt8] {
    let peer = peer
    return try [UInt8](unsafeUninitializedCapacity: count) { memory, initializedCount in
      let done = read(peer, memory.baseAddress, count)
      try #require(done >= 0, "errno \(errno)")
      initializedCount = done
    }
  }

  /// Waits for so many bytes.
  func receiveExactly(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try receive(count - bytes.count)
      try #require(!more.isEmpty, "\(bytes.count) bytes came of \(count)")
      bytes += more
    }
    return bytes
  }

  /// All bytes until the target is closed, without holding a thread of the pool.
  func receiveAll() async throws -> [UInt8] {
    try await onThread { try self.receiveToEnd() }
  }

  /// Begins to receive all bytes, before this returns: also while the caller holds up its pool.
  func receiver() throws -> Receiver { try Receiver(self) }

  /// The same where something comes by itself: what a file has, it has in the end.
  func receiverUnlessFile() throws -> Receiver? { kind == .file ? nil : try receiver() }

  /// What came in all, once the target has been closed.
  func bytes(of receiver: Receiver?) async throws -> [UInt8] {
    guard let receiver else { return try await receiveAll() }
    return try await receiver.bytes()
  }

  fileprivate func receiveToEnd() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try receive()
      if more.isEmpty { return bytes }
      bytes += more
    }
  }
}

/// Receives all that comes out of a link, on a thread of its own.
final class Receiver: Sendable {
  private let received = Lock<Result<[UInt8], any Error>>(.success([]))
  private let thread: Lock<OwnedThread?>

  fileprivate init(_ link: Link) throws {
    thread = Lock(nil)
    let started = try OwnedThread(named: "varve-receiver") { [self] in
      let result = Result { try link.receiveToEnd() }
      received.withLock { $0 = result }
    }
    thread.withLock { $0 = started }
  }

  /// The bytes, once the target has been closed. To be called once.
  func bytes() async throws -> [UInt8] {
    try await onThread { [self] in
      thread.withLock { $0.take() }?.join()
      return try received.withLock { $0 }.get()
    }
  }
}

// MARK: Making them

extension Link {
  private static func pipe() throws -> (Int32, Int32) {
    var both: [Int32] = [-1, -1]
    try #require(Foundation.pipe(&both) == 0)
    return (both[1], both[0])
  }

  private static func file(in directory: String) throws -> (Int32, Int32) {
    var path = Array((directory + "/varve-link-XXXXXX").utf8CString)
    let target = mkstemp(&path)
    try #require(target >= 0)
    defer { unlink(path) }
    let peer = open(path, O_RDONLY)
    try #require(peer >= 0)
    return (target, peer)
  }

  private static func socketPair(_ bufferByteCount: Int?) throws -> (Int32, Int32) {
    var both: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &both) == 0)
    for descriptor in both { try limit(descriptor, bufferByteCount) }
    return (both[0], both[1])
  }

  private static func tcp(_ bufferByteCount: Int?) throws -> (Int32, Int32) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    defer { _ = Foundation.close(listener) }
    try limit(listener, bufferByteCount)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let target = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(target >= 0)
    try limit(target, bufferByteCount)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        try #require(bind(listener, address, length) == 0)
        try #require(listen(listener, 1) == 0)
        // The port that the kernel chose.
        try #require(getsockname(listener, address, &length) == 0)
        try #require(connect(target, address, length) == 0)
      }
    }
    let peer = accept(listener, nil, nil)
    try #require(peer >= 0)
    return (target, peer)
  }

  private static func limit(_ descriptor: Int32, _ byteCount: Int?) throws {
    guard let byteCount else { return }
    var size = Int32(byteCount)
    let length = socklen_t(MemoryLayout<Int32>.size)
    try #require(setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, length) == 0)
    try #require(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length) == 0)
  }
}

/// Does something on a thread of its own, and waits for that without holding one of the pool's.
func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
    do throws(SystemError) {
      try OwnedThread.detached(named: "varve-test") {
        continuation.resume(returning: Result(catching: body))
      }
    } catch {
      continuation.resume(returning: .failure(error))
    }
  }
  return try result.get()
}
