// The same sends, to descriptors that stay what they are: nothing is found out anew.

extension ZeroCopyReader {
  /// Sends a slice to a descriptor that stays what it is, and returns when all of it has gone there.
  ///
  /// All else is as with ``send(_:header:to:progress:)-ycmr``.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
  ///   - target: Where to. Nobody else may send to it meanwhile.
  ///   - progress: Told how far it has come. If that is not the start, the send goes on from there.
  /// - Returns: How many bytes have gone out by this call.
  /// - Throws: As ``send(_:header:to:progress:)-ycmr``.
  @available(*, noasync, message: "sending waits for the receiver; use the async form")
  @discardableResult
  public func send(
    _ slice: LogSlice, header: [UInt8] = [], to target: SendTarget,
    progress: TransferProgress? = nil
  ) throws(LogError) -> Int {
    try sendAndWait(SliceSend(slice, header: header, to: target, progress: progress))
  }

  /// Sends as much of a slice as a descriptor that stays what it is takes now.
  ///
  /// All else is as with ``sendNow(_:header:from:to:)-(_,_,_,Int32)``.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
  ///   - sentByteCount: How many bytes of both have been sent before.
  ///   - target: Where to: non-blocking, or a file.
  /// - Returns: How many bytes of header and slice have been sent in all, and whether the descriptor
  ///   took no more. If it did, and not all has been sent, then something is wrong, and the next call says what.
  /// - Throws: As ``send(_:header:to:progress:)-ycmr``.
  @available(
    *, noasync, message: "sending may wait for the device; use send(_:header:to:progress:)"
  )
  public func sendNow(
    _ slice: LogSlice, header: [UInt8] = [], from sentByteCount: Int, to target: SendTarget
  ) throws(LogError) -> (sentByteCount: Int, wouldBlock: Bool) {
    try sendNow(SliceSend(slice, header: header, to: target), from: sentByteCount)
  }

  /// Sends a slice to a descriptor that stays what it is, and returns when all of it has gone there. No thread
  /// of the caller's waits.
  ///
  /// All else is as with ``send(_:header:to:progress:)-8yk8p``.
  ///
  /// - Parameters:
  ///   - slice: What to send.
  ///   - header: What goes before it, and leaves together with it.
  ///   - target: Where to. It must stay open until this returns or throws.
  ///   - progress: Told how far it has come. If that is not the start, the send goes on from there.
  /// - Returns: How many bytes have gone out by this call, those of the header among them.
  /// - Throws: As ``send(_:header:to:progress:)-8yk8p``.
  @discardableResult
  public func send(
    _ slice: LogSlice, header: [UInt8] = [], to target: SendTarget,
    progress: TransferProgress? = nil
  ) async throws(LogError) -> Int {
    try await sendInTask(SliceSend(slice, header: header, to: target, progress: progress))
  }
}
