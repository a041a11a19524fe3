import Foundation

/// SIGTERM and SIGINT, as a request to stop.
enum StopSignal {
  /// What the handler writes to and ``wait()`` reads from: a handler may do little else.
  private static let pipe: (reading: Int32, writing: Int32)? = {
    var ends: [Int32] = [-1, -1]
    return Glibc.pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
  }()

  /// From here on the signals do not end the process.
  static func catchAll() throws {
    // Made before there is a handler, which finds it then.
    guard pipe != nil else { throw ExampleError.systemCall("pipe") }
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in
        let saved = errno
        var byte: UInt8 = 0
        if let pipe = StopSignal.pipe { _ = write(pipe.writing, &byte, 1) }
        errno = saved
      }
    }
  }

  /// Waits for a signal, also for one that has come since they are caught.
  static func wait() async throws {
    try await onThread {
      guard let pipe else { throw ExampleError("no signal is caught") }
      var (byte, count) = (UInt8(0), 0)
      repeat { count = read(pipe.reading, &byte, 1) } while count < 0 && errno == EINTR
      guard count == 1 else { throw ExampleError.systemCall("read") }
    }
  }

  /// Asks this process to stop, as somebody else would.
  static func raise() { kill(getpid(), SIGTERM) }
}
