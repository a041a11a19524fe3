import Foundation

/// Waits for one client on the loopback.
struct Listener {
  private let descriptor: Int32
  let port: UInt16

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in.loopback(port: 0)
    var count = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, count) == 0 && listen(descriptor, 1) == 0
          && getsockname(descriptor, $0, &count) == 0
      }
    }
    guard isListening else { throw DemoError("cannot listen on the loopback") }
    port = UInt16(bigEndian: address.sin_port)
  }

  func accept() throws -> Connection {
    defer { Glibc.close(descriptor) }
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { throw DemoError("the client did not connect") }
    return Connection(descriptor: accepted)
  }
}

/// A connected socket.
struct Connection {
  let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  init(to port: UInt16) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in.loopback(port: port)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw DemoError("cannot connect to port \(port)") }
  }

  /// Fills memory; fewer bytes only at the end.
  func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    while count < memory.count {
      let done = Glibc.read(descriptor, memory.baseAddress! + count, memory.count - count)
      if done <= 0 { break }
      count += done
    }
    return count
  }

  func close() { Glibc.close(descriptor) }
}

extension sockaddr_in {
  fileprivate static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
