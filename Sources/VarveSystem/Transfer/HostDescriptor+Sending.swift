internal import CVarveSystem

extension HostDescriptor {
  /// Sends bytes of a file within the kernel, and returns how many: perhaps fewer than `count`, 0
  /// at the end of the file, and nil where a non-blocking descriptor takes none now.
  ///
  /// Raises SIGPIPE where the reader is gone, on sockets too: see ``withoutSIGPIPE(_:)``.
  package func sendfile(
    from file: Descriptor, at position: Int, count: Int
  ) throws(SystemError) -> Int? {
    try Self.unlessItWouldBlock(.sendfile) {
      varve_sendfile(file.rawValue, Int64(position), count, rawValue)
    }
  }

  /// Writes bytes of a file to a file within the kernel, at the place where that stands, and returns
  /// how many: perhaps fewer than `count`, 0 at the end of the file.
  package func copyRange(
    from file: Descriptor, at position: Int, count: Int
  ) throws(SystemError) -> Int? {
    try Self.unlessItWouldBlock(.copyRange) {
      varve_copy_file_range(file.rawValue, Int64(position), count, rawValue)
    }
  }

  /// Puts pages of a file into a pipe, which this is, and returns how many bytes: perhaps fewer than
  /// `count`, 0 at the end of the file, and nil where the pipe has no room now.
  ///
  /// Raises SIGPIPE where the reader is gone.
  package func splice(
    from file: Descriptor, at position: Int, count: Int
  ) throws(SystemError) -> Int? {
    try Self.unlessItWouldBlock(.splice) {
      varve_splice(file.rawValue, Int64(position), count, rawValue)
    }
  }

  /// Sends bytes that lie in a pipe, and returns how many: perhaps fewer than `count`, and nil where a
  /// non-blocking descriptor takes none now.
  func splice(from pipe: Descriptor, count: Int) throws(SystemError) -> Int? {
    try Self.unlessItWouldBlock(.splice) { varve_splice(pipe.rawValue, -1, count, rawValue) }
  }

  /// Sends bytes of memory, and returns how many: perhaps fewer than there are, and nil where a
  /// non-blocking descriptor takes none now.
  ///
  /// Raises SIGPIPE where the reader of a pipe is gone, but not for a socket.
  ///
  /// - Parameter moreFollows: Whether a socket may wait for what comes next to fill a packet.
  package func send(
    _ memory: UnsafeRawBufferPointer, moreFollows: Bool = false
  ) throws(SystemError) -> Int? {
    // SAFETY: the caller's memory.
    try Self.unlessItWouldBlock(.send) {
      moreFollows
        ? unsafe varve_send_more(rawValue, memory.baseAddress, memory.count)
        : unsafe varve_send(rawValue, memory.baseAddress, memory.count)
    }
  }

  /// The most bytes that ``sendSmall(_:behind:from:at:mayWaitForDevice:)`` takes from a file.
  package static let smallByteCount = Int(VARVE_SMALL_BYTES)

  /// Sends few bytes of a file to a socket of the network's behind a header, by way of the stack, and
  /// returns how many of both went out. It does not wait for the receiver.
  ///
  /// - Returns: 0 where it does not work, for whatever reason: there is no room now; bytes are not in memory.
  ///   Whoever wants to know sends in another way, which finds the same.
  package func sendSmall(
    _ count: Int, behind header: UnsafeRawBufferPointer, from file: Descriptor, at position: Int,
    mayWaitForDevice: Bool
  ) -> Int {
    // SAFETY: the caller's header, within the call.
    let sent = unsafe varve_send_small(
      file.rawValue, Int64(position), count, header.baseAddress, header.count, rawValue,
      mayWaitForDevice ? 1 : 0)
    return max(0, Int(sent))
  }

  /// Sends bytes of a file within the kernel to a socket or a pipe, behind a header, and returns how many
  /// of both went out. No signal is raised where the reader is gone.
  ///
  /// - Parameters:
  ///   - bySplice: Whether a pipe is given pages by `splice`, and not by `sendfile`.
  ///   - isSignalIgnored: Whether the process is known to ignore SIGPIPE.
  /// - Returns: How much went out, and whether the descriptor then said that it takes no more: a blocking one only
  ///   does so when its time limit for sending has come. Of anything else that does not work nothing is said, as with
  ///   ``sendSmall(_:behind:from:at:mayWaitForDevice:)``.
  package func pass(
    _ count: Int, behind header: UnsafeRawBufferPointer, from file: Descriptor, at position: Int,
    bySplice: Bool, isSignalIgnored: Bool = false
  ) -> (sentByteCount: Int, tookNoMore: Bool) {
    // SAFETY: the caller's header, within the call.
    let passed = unsafe varve_pass(
      file.rawValue, Int64(position), count, header.baseAddress, header.count, rawValue,
      bySplice ? 1 : 0, isSignalIgnored ? 1 : 0)
    return (Int(passed.count), Errno(rawValue: passed.error) == .again)
  }

  /// That there is no room now is an answer and not an error: the caller waits, or does something
  /// else first.
  private static func unlessItWouldBlock(
    _ call: SystemCall, _ body: () -> Int64
  ) throws(SystemError) -> Int? {
    do throws(SystemError) {
      return Int(try call.perform(body))
    } catch {
      guard error.errno == .again else { throw error }
      return nil
    }
  }
}
