import Foundation

/// A connected socket, which is closed once nobody has it any more.
public final class Connection: Sendable {
  /// The socket, for those who send to it by other means.
  public let descriptor: Int32

  /// A stream of bytes, which processes that are started here do not get.
  static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Connects to a port of the loopback.
  public convenience init(to port: UInt16) throws {
    let descriptor = socket(AF_INET, Connection.kind, 0)
    guard descriptor >= 0 else { throw ExampleError.systemCall("socket") }
    self.init(descriptor: descriptor)
    let isConnected = sockaddr_in.loopback(port: port).withPointer {
      connect(descriptor, $0, $1) == 0
    }
    guard isConnected else { throw ExampleError.systemCall("connect to port \(port)") }
  }

  deinit { close(descriptor) }

  /// Sends all of some text, as UTF-8.
  public func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Sends all of some bytes. A peer that is gone is an error, and no signal.
  public func send(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(
          descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw ExampleError.systemCall("send") }
        sent += count
      }
    }
  }

  /// Some bytes, as soon as there are any; none at the end.
  func receive(atMost maximum: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: maximum) { memory, count in
      var received: Int
      repeat {
        received = recv(descriptor, memory.baseAddress, maximum, 0)
      } while received < 0 && errno == EINTR
      guard received >= 0 else { throw ExampleError.systemCall("recv") }
      count = received
    }
  }

  /// Whether the peer has said that nothing comes from it any more, or is gone.
  public var isAtEnd: Bool {
    var byte: UInt8 = 0
    let flags = Int32(MSG_PEEK | MSG_DONTWAIT)
    let count = recv(descriptor, &byte, 1, flags)
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
  }

  /// Says that nothing more comes from here.
  public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads an end from here on, on whatever thread it is read.
  func finishReceiving() { shutdown(descriptor, Int32(SHUT_RD)) }

  func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

extension sockaddr_in {
  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: self) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
