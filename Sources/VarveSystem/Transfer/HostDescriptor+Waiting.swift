internal import CVarveSystem

extension HostDescriptor {
  /// Whether calls return instead of waiting for room. The host may change that at any time.
  package func isNonblocking() throws(SystemError) -> Bool {
    try SystemCall.flags.perform { varve_is_nonblocking(rawValue) } == 1
  }

  package func isSocket() throws(SystemError) -> Bool {
    try SystemCall.status.perform { varve_is_socket(rawValue) } == 1
  }

  /// Whether what is written to it is written to a file.
  package func isSameFile(as file: Descriptor) throws(SystemError) -> Bool {
    try SystemCall.status.perform { varve_is_same_file(rawValue, file.rawValue) } == 1
  }

  /// Waits until the descriptor takes bytes, and returns whether it does.
  ///
  /// One that is broken or closed counts as ready: sending says what is wrong with it. The wait
  /// ends without the descriptor when something can be read from `wake`, when the time has come
  /// (nil: never), and when a signal interrupts it, so that its caller looks at the clock again.
  package func waitUntilWritable(
    orReadable wake: Descriptor? = nil, milliseconds: Int32?
  ) throws(SystemError) -> Bool {
    do throws(SystemError) {
      return try SystemCall.poll.perform {
        varve_wait_writable(rawValue, wake?.rawValue ?? -1, milliseconds.map { max($0, 0) } ?? -1)
      } == 1
    } catch {
      guard error.errno == .interrupted else { throw error }
      return false
    }
  }
}
