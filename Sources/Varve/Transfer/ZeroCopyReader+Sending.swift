internal import VarveSystem

// What the forms for threads, for event loops and for tasks do, wherever a slice is sent to.

extension ZeroCopyReader {
  /// Sends all that is left, and waits for device and receiver.
  func sendAndWait(_ send: SliceSend) throws(LogError) -> Int {
    let start = send.progress?.sentByteCount ?? 0
    let begin = log.environment.time.monotonicNanoseconds
    let early = start == 0 ? sendOnTheSpot(send, .thread) : OnTheSpot()
    if early.sentByteCount < send.byteCount {
      var sending = try SliceSending(
        send, from: start + early.sentByteCount, by: self, mayWait: true)
      // What has been waited for is not waited for once more.
      if early.tookNoMore { try sending.checkForTimeLimit() }
      try send.target.withoutSignal { () throws(LogError) in try sending.finish() }
    }
    noteSend(since: begin)
    return send.byteCount - start
  }

  /// Sends what the receiver takes now.
  func sendNow(
    _ send: SliceSend, from sentByteCount: Int
  ) throws(LogError) -> (sentByteCount: Int, wouldBlock: Bool) {
    let early = sentByteCount == 0 ? sendOnTheSpot(send, .eventLoop).sentByteCount : 0
    guard early < send.byteCount else { return (early, false) }
    var reached = sentByteCount + early
    do throws(LogError) {
      return try sendRestNow(of: send, from: &reached)
    } catch {
      // What went out must be known, or it would go out again. What is wrong is found by the next call, which the
      // caller makes at once: he has not been told to wait for room.
      guard reached > sentByteCount else { throw error }
      return (reached, false)
    }
  }

  /// - Parameter reached: How much went out before, and in the end, also of a failure.
  private func sendRestNow(
    of send: SliceSend, from reached: inout Int
  ) throws(LogError) -> (sentByteCount: Int, wouldBlock: Bool) {
    var sending = try SliceSending(send, from: reached, by: self)
    guard sending.target.isNonblocking || sending.target.kind == .file else {
      throw LogError(
        .invalidArgument,
        "the descriptor \(send.descriptor) is blocking, and may not be waited for")
    }
    defer { reached = sending.sentByteCount }
    return try send.target.withoutSignal { () throws(LogError) in
      try sending.advanceWhileThereIsRoom()
      return (sending.sentByteCount, !sending.isDone)
    }
  }

  /// Sends all that is left, and holds no thread meanwhile.
  func sendInTask(_ send: SliceSend) async throws(LogError) -> Int {
    let start = send.progress?.sentByteCount ?? 0
    let begin = log.environment.time.monotonicNanoseconds
    let mayBegin = start == 0 && send.byteCount <= LogLimits.callerByteCount
    let isClaimed = mayBegin && claim(send.target.host)
    let early = isClaimed ? sendOnTheSpot(send, .task).sentByteCount : 0
    if isClaimed, early == send.byteCount {
      log.runtime.transfers.release(send.target.host)
    } else {
      try await sendRest(of: send, from: start + early, isClaimed: isClaimed, isMoving: early > 0)
    }
    noteSend(since: begin)
    return send.byteCount - start
  }

  /// Sends what did not go out at once.
  ///
  /// - Parameter isMoving: Whether some did, so that all of it lies in memory, and the receiver may be taking it.
  private func sendRest(
    of send: SliceSend, from sentByteCount: Int, isClaimed: Bool, isMoving: Bool
  ) async throws(LogError) {
    var sending = try begin(send, from: sentByteCount, isClaimed: isClaimed)
    // A blocking socket takes few bytes without waiting, and would have the rest wait.
    if isMoving, sending.target.isNonblocking {
      do throws(LogError) {
        try await advance(&sending, send.target)
      } catch {
        log.runtime.transfers.release(send.target.host)
        throw error
      }
      guard !sending.isDone else { return log.runtime.transfers.release(send.target.host) }
    }
    try await log.runtime.transfers.run([Transfer(sending)], isClaimed: isClaimed).first?.get()
  }

  /// Goes on while the receiver keeps up, letting other tasks run meanwhile: a receiver at work makes room sooner
  /// than another thread would be awake for it.
  private func advance(
    _ sending: inout SliceSending, _ target: SendTarget
  ) async throws(LogError) {
    var patience = LogLimits.sendingPatience
    while !sending.isDone, patience > 0, !Task.isCancelled {
      let took = try target.withoutSignal { () throws(LogError) in
        try sending.advance(LogLimits.turnByteCount)
      }
      patience = took ? LogLimits.sendingPatience : patience - 1
      if !took { await Task.yield() }
    }
  }

  private func noteSend(since begin: Int64) {
    log.meters.noteSend(nanoseconds: log.environment.time.monotonicNanoseconds - begin)
  }

  /// Keeps others away from a descriptor, unless they are there already, or the task is not to send.
  private func claim(_ descriptor: HostDescriptor) -> Bool {
    !Task.isCancelled && log.runtime.transfers.claim(descriptor)
  }

  /// Begins a send, or gives the claim back.
  private func begin(
    _ send: SliceSend, from sentByteCount: Int, isClaimed: Bool
  ) throws(LogError) -> SliceSending {
    do throws(LogError) {
      return try SliceSending(send, from: sentByteCount, by: self)
    } catch {
      if isClaimed { log.runtime.transfers.release(send.target.host) }
      throw error
    }
  }
}
