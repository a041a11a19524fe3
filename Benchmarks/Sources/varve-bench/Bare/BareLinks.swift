import CBareLog

// SAFETY: one thread at a time sends and counts; what receives is a thread of the C code's own.
/// Descriptors to send to, and a thread that receives what is sent to them and throws it away.
final class BareLinks: @unchecked Sendable {
  let links: OpaquePointer
  let targets: [Int32]
  /// Bytes that have been sent.
  private var sent: UInt64 = 0

  /// - Parameter staysAwake: Whether who receives waits awake for what comes next, for a tenth of a millisecond:
  ///   a sender who is so slow that he must wake him pays for that, several times as much as for a small send.
  init(_ kind: bare_link_kind, count: Int = 1, staysAwake: Bool = false) throws {
    var links: OpaquePointer?
    // As a server has them.
    try BareError.check(bare_links_open(&links, kind, Int32(count), 1, staysAwake ? 1 : 0))
    self.links = links!
    targets = (0..<Int32(count)).map { bare_links_target(links, $0) }
  }

  deinit { bare_links_close(links) }

  /// Waits until so many more bytes have been received.
  func wait(for byteCount: Int) {
    sent += UInt64(byteCount)
    bare_links_wait(links, sent)
  }

  /// The processor time of all that this process does to send, in nanoseconds: so far. Who receives goes on
  /// between the two readings, so that a later one may be a little less.
  var senderTime: Int64 { Int64(bare_process_time()) - Int64(bare_links_receiver_time(links)) }
}

/// A loop in C that sends bytes of a file, one way and no other.
final class BareSender {
  private let sender: OpaquePointer

  init(_ way: bare_send_way) throws {
    var sender: OpaquePointer?
    try BareError.check(bare_sender_open(&sender, way))
    self.sender = sender!
  }

  deinit { bare_sender_close(sender) }

  func send(_ file: Int32, at position: Int, byteCount: Int, to target: Int32) throws {
    try BareError.check(bare_send(sender, file, Int64(position), byteCount, target))
  }

  /// The same to each of many descriptors.
  func sendAll(_ file: Int32, at positions: [Int64], byteCount: Int, to links: BareLinks) throws {
    try BareError.check(
      bare_send_all(sender, file, positions, byteCount, links.links, Int32(positions.count)))
  }
}
