import VarveSystem

/// The error that a call ends with, nil if it does not.
func failure<Result: ~Copyable>(
  of body: () throws(SystemError) -> Result
) -> SystemError? {
  do throws(SystemError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

extension OpenFile {
  convenience init(_ path: String, _ mode: OpenMode) throws(SystemError) {
    try self.init(path, mode, in: PosixFileSystem())
  }

  func write(_ bytes: [UInt8], at position: Int) throws(SystemError) {
    try bytes.withMemory { memory throws(SystemError) in
      try write(from: memory, at: position)
    }
  }

  /// As many bytes as there are, up to `count`.
  func read(_ count: Int, at position: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { memory, initializedCount in
      initializedCount = try read(into: UnsafeMutableRawBufferPointer(memory), at: position)
    }
  }

  func readResident(_ count: Int, at position: Int) throws -> [UInt8]? {
    var isThere = true
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { memory, initializedCount in
      let done = try readResident(into: UnsafeMutableRawBufferPointer(memory), at: position)
      isThere = done != nil
      initializedCount = done ?? 0
    }
    return isThere ? bytes : nil
  }
}

extension HostDescriptor {
  func send(_ bytes: [UInt8]) throws(SystemError) -> Int? {
    try bytes.withMemory { memory throws(SystemError) in try send(memory) }
  }
}

extension [UInt8] {
  /// `withUnsafeBytes`, but for the type of the error.
  fileprivate func withMemory<Result>(
    _ body: (UnsafeRawBufferPointer) throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    let result = withUnsafeBytes { memory in
      Swift.Result { () throws(SystemError) in try body(memory) }
    }
    return try result.get()
  }
}

/// Bytes of which no page looks like another.
func pattern(_ count: Int) -> [UInt8] { Array(longestPattern[..<count]) }

/// Made once: without an optimizer that takes a second.
private let longestPattern: [UInt8] = (0..<3 << 20).map {
  UInt8(truncatingIfNeeded: $0 ^ $0 >> 8 ^ $0 >> 16)
}

extension [UInt8] {
  func repeated(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes += self }
    return bytes
  }
}
