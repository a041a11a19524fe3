import Foundation

/// A TCP connection of a process with itself.
final class Connection: Sendable {
  let sender: Int32
  private let receiver: Int32

  init() throws(Discrepancy) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
    sender = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let (own, count) = (sender, byteCount)
    let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, count) == 0 && listen(listener, 1) == 0
          && getsockname(listener, address, &byteCount) == 0 && connect(own, address, count) == 0
      }
    }
    receiver = isConnected ? accept(listener, nil, nil) : -1
    guard receiver >= 0 else { throw Discrepancy("no connection: \(errno)") }
  }

  deinit {
    close(sender)
    close(receiver)
  }

  func shutDown() { _ = shutdown(sender, Int32(SHUT_RDWR)) }

  /// So many bytes, as they come.
  func receive(_ count: Int) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try self.receiveNow(count) }) }
    }
  }

  private func receiveNow(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let read = bytes.withUnsafeMutableBytes { memory in
        recv(receiver, memory.baseAddress! + filled, count - filled, 0)
      }
      guard read > 0 else {
        if read < 0, errno == EINTR { continue }
        throw Discrepancy("\(count - filled) of \(count) bytes did not come")
      }
      filled += read
    }
    return bytes
  }
}
