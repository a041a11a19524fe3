internal import VarveSystem

// MARK: For threads that may wait

extension ZeroCopyReader {
  /// Sends a slice, and returns when all of it has gone to the descriptor: a socket, a pipe or a
  /// file, blocking or not.
  ///
  /// It waits for the device and for the receiver. A socket's own time limit for sending
  /// (`SO_SNDTIMEO`) holds: ``LogError/Code/retry`` when it has come.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - descriptor: Where to. Nobody else may send to it meanwhile.
  ///   - progress: Told how far it has come. If that is not the start, the send goes on from there.
  /// - Returns: How many bytes have gone out by this call.
  /// - Throws: ``LogError/Code/disconnected`` where the receiver is gone,
  ///   ``LogError/Code/full`` and ``LogError/Code/device`` for files, ``LogError/Code/corrupt``
  ///   where the segment's file has been cut by someone else, ``LogError/Code/invalidArgument`` and
  ///   ``LogError/Code/unsupported`` for what cannot be sent to.
  @available(*, noasync, message: "sending waits for the receiver; use the async form")
  @discardableResult
  public func send(
    _ slice: LogSlice, to descriptor: Int32, progress: TransferProgress? = nil
  ) throws(LogError) -> Int {
    let start = progress?.sentByteCount ?? 0
    var sending = try sending(slice, from: start, to: descriptor, progress)
    try withoutSIGPIPE { () throws(LogError) in try sending.finish() }
    return sending.sentByteCount - start
  }

  /// Sends as much of a slice as a descriptor takes now, for the event loop of a host that knows
  /// when it takes more.
  ///
  /// ```swift
  /// (sent, wouldBlock) = try reader.sendNow(slice, from: sent, to: socket)
  /// ```
  ///
  /// It does not wait for the receiver; it does wait for the device, where bytes of the slice are
  /// not in memory.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - sentByteCount: How many bytes of it have been sent before.
  ///   - descriptor: Where to: non-blocking, or a file.
  /// - Returns: How many bytes of the slice have been sent in all, and whether the descriptor took
  ///   no more; if it did, all of the slice has been sent.
  /// - Throws: As ``send(_:to:progress:)``.
  @available(*, noasync, message: "sending may wait for the device; use send(_:to:progress:)")
  public func sendNow(
    _ slice: LogSlice, from sentByteCount: Int, to descriptor: Int32
  ) throws(LogError) -> (sentByteCount: Int, wouldBlock: Bool) {
    var sending = try sending(slice, from: sentByteCount, to: descriptor, nil)
    guard sending.target.isNonblocking || sending.target.kind == .file else {
      throw LogError(
        .invalidArgument, "the descriptor \(descriptor) is blocking, and may not be waited for")
    }
    return try withoutSIGPIPE { () throws(LogError) in
      while !sending.isDone {
        guard try sending.advance(LogLimits.turnByteCount) else {
          return (sending.sentByteCount, true)
        }
      }
      return (sending.sentByteCount, false)
    }
  }
}

// MARK: For tasks

extension ZeroCopyReader {
  /// Sends a slice, and returns when all of it has gone to the descriptor: a socket, a pipe or a
  /// file.
  ///
  /// No thread of the caller's waits. A non-blocking descriptor is best: one thread serves all of
  /// them. A blocking one is sent to in small pieces, each when it says that it has room, by a few
  /// threads that all such sends share; should another sender fill it in that moment, or should its
  /// buffer be tiny, then one of them waits with it.
  ///
  /// Slices that are sent to one descriptor at the same time go one after the other.
  ///
  /// A task that is cancelled gets ``LogError/Code/cancelled`` once nobody touches the descriptor
  /// any more, and `progress` tells how much the receiver got.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - descriptor: Where to. It must stay open, and blocking or not as it is, until this returns or throws.
  ///   - progress: Told how far it has come. If that is not the start, the send goes on from there.
  /// - Returns: How many bytes have gone out by this call.
  /// - Throws: ``LogError/Code/disconnected`` where the receiver is gone,
  ///   ``LogError/Code/full`` and ``LogError/Code/device`` for files, ``LogError/Code/corrupt``
  ///   where the segment's file has been cut by someone else, ``LogError/Code/invalidArgument`` and
  ///   ``LogError/Code/unsupported`` for what cannot be sent to, ``LogError/Code/cancelled``, and
  ///   ``LogError/Code/retry`` where there is no thread to be had.
  @discardableResult
  public func send(
    _ slice: LogSlice, to descriptor: Int32, progress: TransferProgress? = nil
  ) async throws(LogError) -> Int {
    let start = progress?.sentByteCount ?? 0
    let transfer = Transfer(try sending(slice, from: start, to: descriptor, progress))
    try await log.runtime.transfers.run(transfer)
    return slice.byteCount - start
  }
}
