import Glibc
import Testing
import VarveSystem

/// Two descriptors, of which one takes bytes and the other gives them.
final class Channel: Sendable {
  enum Kind: String, CaseIterable, Codable, CustomTestStringConvertible {
    case pipe, socketPair, tcp
    var testDescription: String {
      switch self {
      case .pipe: "a pipe"
      case .socketPair: "a socket pair"
      case .tcp: "TCP on loopback"
      }
    }
  }

  let target: HostDescriptor
  let peer: Int32
  private let peerIsOpen = Lock(true)

  init(_ kind: Kind, nonblocking: Bool = false) throws {
    let (from, to) =
      switch kind {
      case .pipe: try Self.pipe()
      case .socketPair: try Self.socketPair()
      case .tcp: try Self.tcp()
      }
    (peer, target) = (from, HostDescriptor(rawValue: to))
    if nonblocking {
      try #require(fcntl(to, F_SETFL, fcntl(to, F_GETFL) | O_NONBLOCK) == 0)
    }
  }

  deinit {
    closePeer()
    close(target.rawValue)
  }

  func closePeer() {
    let wasOpen = peerIsOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    if wasOpen { close(peer) }
  }

  /// Waits for bytes, and takes `count` of them at the most.
  func receive(_ count: Int = 1 << 16) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { memory, initializedCount in
      initializedCount = try #require(Glibc.read(peer, memory.baseAddress, count) as Int?)
    }
  }

  private static func pipe() throws -> (Int32, Int32) {
    var both: [Int32] = [-1, -1]
    try #require(Glibc.pipe(&both) == 0)
    return (both[0], both[1])
  }

  private static func socketPair() throws -> (Int32, Int32) {
    var both: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &both) == 0)
    return (both[0], both[1])
  }

  private static func tcp() throws -> (Int32, Int32) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let to = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(to >= 0)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        try #require(bind(listener, address, length) == 0)
        try #require(listen(listener, 1) == 0)
        // The port that the kernel chose.
        try #require(getsockname(listener, address, &length) == 0)
        try #require(connect(to, address, length) == 0)
      }
    }
    let from = accept(listener, nil, nil)
    try #require(from >= 0)
    return (from, to)
  }
}
