internal import VarveSystem

extension LogSlice {
  /// Calls `body` with the slice's bytes, which are read for the call and valid within it alone.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where the file has been cut by someone else,
  ///   ``LogError/Code/device``, and what `body` throws.
  @available(*, noasync, message: "reading waits for the device; use bytes()")
  public func withBytes<Result>(
    _ body: (RawSpan) throws(LogError) -> Result
  ) throws(LogError) -> Result {
    let storage = try read()
    // SAFETY: all of the bytes have been read, and the storage outlives the call.
    defer { withExtendedLifetime(storage) {} }
    return try body(unsafe RawSpan(_unsafeStart: storage.base, byteCount: byteCount))
  }

  /// A copy of the slice's bytes.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where the file has been cut by someone else,
  ///   ``LogError/Code/device``.
  public func bytes() async throws(LogError) -> [UInt8] {
    try await runtime.workers.run { () throws(LogError) in try self.copyBytes() }
  }

  /// Calls `body` with the slice's bytes where the kernel has them, without a copy: a mapping of the
  /// file, for the call.
  ///
  /// It is unsafe because the file may be damaged: a device that cannot read a page, or another process
  /// that cuts the file, ends this one with SIGBUS. ``withBytes(_:)`` throws instead, and is faster
  /// for slices of usual sizes, because a mapping takes a fault for every few pages.
  ///
  /// - Throws: ``LogError/Code/unsupported`` in a simulation, ``LogError/Code/retry`` where there is no
  ///   memory for a mapping, and what `body` throws.
  @unsafe
  @available(*, noasync, message: "loads from a mapping wait for the device; use bytes()")
  public func withUnsafeMappedBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(LogError) -> Result
  ) throws(LogError) -> Result {
    let view = try mapped()
    return try unsafe view.withBytes(body)
  }

  /// Calls `body` with what a caller's own `sendfile`, `splice` or `pread` takes: the descriptor of
  /// the segment's file, the position of the slice in it, and how many bytes it has.
  ///
  /// The descriptor is borrowed for the call. It is to be read from by position, and for nothing
  /// else: others read from the same one, and the log writes to it.
  ///
  /// - Throws: ``LogError/Code/unsupported`` where the file is not one of the kernel's, in a
  ///   simulation, and what `body` throws.
  public func withDescriptor<Result>(
    _ body: (_ descriptor: Int32, _ position: Int, _ byteCount: Int) throws(LogError) -> Result
  ) throws(LogError) -> Result {
    guard file.fileSystem.hasKernelDescriptors else {
      throw LogError(.unsupported, "the log lies in a file system that is not the kernel's")
    }
    defer { withExtendedLifetime(file) {} }
    return try body(file.descriptor.rawValue, position, byteCount)
  }
}

extension LogSlice {
  private func mapped() throws(LogError) -> FileView {
    do throws(SystemError) {
      return try FileView(of: file, at: position, byteCount: byteCount)
    } catch {
      throw LogError(error, "map \(description)")
    }
  }

  private func copyBytes() throws(LogError) -> [UInt8] {
    var failure: LogError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { memory, count in
      do throws(LogError) {
        // SAFETY: the array's own memory, of which as much is filled as is counted.
        try unsafe read(into: UnsafeMutableRawBufferPointer(memory))
        count = byteCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private func read() throws(LogError) -> ByteStorage {
    let storage = ByteStorage(capacity: byteCount)
    // SAFETY: nobody else has the storage yet.
    try unsafe read(into: storage.memory)
    return storage
  }

  /// Fills memory that has room for the slice, and no more.
  private func read(into memory: UnsafeMutableRawBufferPointer) throws(LogError) {
    let count: Int
    do throws(SystemError) {
      count = try unsafe file.read(into: memory, at: position)
    } catch {
      throw LogError(error, "read \(description)")
    }
    guard count == byteCount else { throw wasCut(after: count) }
  }

  /// There are fewer bytes than there were.
  func wasCut(after count: Int) -> LogError {
    LogError(
      .corrupt,
      "\(description) cannot be had: the file ends at \(position + count), where there were bytes "
        + "up to \(endPosition); it was cut by someone else")
  }
}

extension LogSlice: CustomStringConvertible {
  /// The offsets, and where their bytes lie.
  public var description: String {
    "offsets \(offsets.lowerBound)..<\(offsets.upperBound), which are bytes "
      + "\(position)..<\(endPosition) of the segment \(segmentBaseOffset)"
  }
}
