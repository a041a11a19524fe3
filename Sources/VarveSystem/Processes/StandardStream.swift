internal import CVarveSystem

/// What a process reads from and writes to by default. For commands: a library does neither.
package struct StandardStream: Sendable {
  private let descriptor: Int32

  package static let input = StandardStream(descriptor: 0)
  package static let output = StandardStream(descriptor: 1)
  package static let errors = StandardStream(descriptor: 2)

  /// Whether it is a terminal.
  package var isTerminal: Bool { varve_is_terminal(descriptor) == 1 }

  /// Some bytes, as soon as there are any; none at the end.
  package func read(upTo limit: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    // SAFETY: the array's own memory, for the time of the call.
    let count = try SystemCall.read.perform {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe varve_read_stream(descriptor, $0.baseAddress, $0.count)
      }
    }
    bytes.removeLast(bytes.count - Int(count))
    return bytes
  }

  /// Writes all bytes; false where nobody reads them any more, or they cannot be written.
  package func write(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      // SAFETY: the array's own memory, for the time of the call.
      let count = try? SystemCall.write.perform {
        unsafe bytes.withUnsafeBytes {
          unsafe varve_write_stream(
            descriptor, $0.baseAddress.unsafelyUnwrapped + written, $0.count - written)
        }
      }
      guard let count else { return false }
      written += Int(count)
    }
    return true
  }

  /// Lets a write to a pipe that nobody reads fail, instead of ending the process. For the process of a
  /// command alone.
  package static func ignoreBrokenPipes() { _ = varve_ignore_broken_pipes() }
}

/// The process of a command.
package enum CommandProcess {
  /// Ends it.
  package static func exit(_ code: Int32) -> Never { varve_exit(code) }
}
