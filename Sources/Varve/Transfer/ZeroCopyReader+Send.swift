internal import VarveSystem

// MARK: For threads that may wait

extension ZeroCopyReader {
  /// Sends a slice, and returns when all of it has gone to the descriptor: a stream socket, a pipe or a
  /// file, blocking or not.
  ///
  /// It waits for the device and for the receiver. A socket's own time limit for sending
  /// (`SO_SNDTIMEO`) holds: ``LogError/Code/retry`` when it has come.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
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
    _ slice: LogSlice, header: [UInt8] = [], to descriptor: Int32,
    progress: TransferProgress? = nil
  ) throws(LogError) -> Int {
    try sendAndWait(SliceSend(slice, header: header, to: descriptor, progress: progress))
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
  /// Where something fails after bytes went out, they are counted, and `wouldBlock` is false: the next call
  /// throws. So this is called until it says that it would block, or all has been sent.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
  ///   - sentByteCount: How many bytes of both have been sent before.
  ///   - descriptor: Where to: non-blocking, or a file.
  /// - Returns: How many bytes of header and slice have been sent in all, and whether the descriptor
  ///   took no more. If it did, and not all has been sent, then something is wrong, and the next call says what.
  /// - Throws: As ``send(_:header:to:progress:)-8yk8p``.
  @available(
    *, noasync, message: "sending may wait for the device; use send(_:header:to:progress:)"
  )
  public func sendNow(
    _ slice: LogSlice, header: [UInt8] = [], from sentByteCount: Int, to descriptor: Int32
  ) throws(LogError) -> (sentByteCount: Int, wouldBlock: Bool) {
    try sendNow(SliceSend(slice, header: header, to: descriptor), from: sentByteCount)
  }
}

// MARK: For tasks

extension ZeroCopyReader {
  /// Sends a slice, and returns when all of it has gone to the descriptor: a stream socket, a pipe or a
  /// file.
  ///
  /// No thread of the caller's waits. A non-blocking descriptor is best: what it takes at once of a
  /// small slice, that lies in memory, goes out on the spot; the rest goes by one thread that serves
  /// all, or by io_uring. A blocking one is sent to in small pieces, each when it says that it has
  /// room, by a few threads that all such sends share; should another sender fill it in that moment,
  /// or should its buffer be tiny, then one of them waits with it.
  ///
  /// Slices that are sent to one descriptor at the same time go one after the other.
  ///
  /// A task that is cancelled gets ``LogError/Code/cancelled`` once nobody touches the descriptor
  /// any more, and `progress` tells how much the receiver got.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
  ///   - descriptor: Where to. It must stay open, and blocking or not as it is, until this returns or throws.
  ///   - progress: Told how far it has come. If that is not the start, the send goes on from there.
  /// - Returns: How many bytes have gone out by this call, those of the header among them.
  /// - Throws: ``LogError/Code/disconnected`` where the receiver is gone,
  ///   ``LogError/Code/full`` and ``LogError/Code/device`` for files, ``LogError/Code/corrupt``
  ///   where the segment's file has been cut by someone else, ``LogError/Code/invalidArgument`` and
  ///   ``LogError/Code/unsupported`` for what cannot be sent to, ``LogError/Code/cancelled``, and
  ///   ``LogError/Code/retry`` where there is no thread to be had.
  @discardableResult
  public func send(
    _ slice: LogSlice, header: [UInt8] = [], to descriptor: Int32,
    progress: TransferProgress? = nil
  ) async throws(LogError) -> Int {
    try await sendInTask(SliceSend(slice, header: header, to: descriptor, progress: progress))
  }

  /// Sends slices to descriptors, all of them at the same time, and returns when each has been sent or
  /// has failed.
  ///
  /// They are handed over in one, and what goes by io_uring goes to the kernel in one. Several slices
  /// may go to one descriptor: they go one after the other, as they stand here. All else is as with
  /// ``send(_:header:to:progress:)-8yk8p``.
  ///
  /// - Returns: For each, in the same order, how many bytes have gone out, or why not all have.
  public func sendAll(_ sends: [SliceSend]) async -> [Result<Int, LogError>] {
    let begun = sends.map { send in
      Result { () throws(LogError) in
        let start = send.progress?.sentByteCount ?? 0
        let sending = try SliceSending(send, from: start, by: self)
        return (count: sending.byteCount - start, transfer: Transfer(sending))
      }
    }
    var outcomes: [Result<Void, LogError>]
    do throws(LogError) {
      outcomes = try await log.runtime.transfers.run(begun.compactMap { try? $0.get().transfer })
    } catch {
      return begun.map { $0.flatMap { _ in .failure(error) } }
    }
    outcomes.reverse()
    return begun.map { begun in
      begun.flatMap { count, _ in (outcomes.popLast() ?? .success(())).map { count } }
    }
  }
}
