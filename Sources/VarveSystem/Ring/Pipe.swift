internal import CVarveSystem

/// A pipe of our own, through which pages go from a file to a descriptor without being copied.
package struct Pipe: ~Copyable, Sendable {
  /// Where bytes are put in, and where they come out.
  package let input: HostDescriptor
  package let output: Descriptor
  /// How many pages it holds, in bytes.
  package let capacity: Int
  /// Bytes that lie in it.
  package private(set) var byteCount = 0

  /// - Parameter capacity: How large it is to be. It is smaller where this user has many pipes.
  package init(capacity: Int) throws(SystemError) {
    var ends: (Int32, Int32) = (-1, -1)
    self.capacity = Int(
      try SystemCall.makePipe.perform {
        unsafe varve_pipe_make(Int32(capacity), &ends.0, &ends.1)
      })
    (output, input) = (Descriptor(rawValue: ends.0), HostDescriptor(rawValue: ends.1))
  }

  deinit {
    _ = varve_close(output.rawValue)
    _ = varve_close(input.rawValue)
  }

  /// How many bytes fit in, of a file from a position on, while it is empty: it holds pages, and of
  /// the first one perhaps only the end.
  package func room(at position: Int) -> Int { capacity - position % MemoryPage.byteCount }

  /// So many bytes have been put in, or taken out.
  package mutating func note(added count: Int) { byteCount += count }
  package mutating func note(removed count: Int) { byteCount -= count }
}

// MARK: By calls

extension Pipe {
  /// Puts bytes of a file into the pipe, which is empty, and returns how many: 0 at the end of the file.
  package mutating func fill(
    from file: Descriptor, at position: Int, count: Int
  ) throws(SystemError) -> Int {
    let wanted = min(count, room(at: position))
    guard let done = try input.splice(from: file, at: position, count: wanted) else { return 0 }
    byteCount += done
    return done
  }

  /// Sends bytes that lie in the pipe, and returns how many; nil where a non-blocking descriptor takes
  /// none now. Raises SIGPIPE where the reader is gone, on sockets too: see ``withoutSIGPIPE(_:)``.
  package mutating func send(to target: HostDescriptor, limit: Int) throws(SystemError) -> Int? {
    let count = min(limit, byteCount)
    guard let done = try target.splice(from: output, count: count) else { return nil }
    byteCount -= done
    return done
  }
}
