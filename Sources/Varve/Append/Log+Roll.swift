internal import VarveSystem

// Rolls that somebody asks for; all others come with appends.

extension Log {
  /// Goes on in a new segment, unless nothing is in the one that is being written.
  ///
  /// For those who want what was appended so far to be a full segment: to archive it, to copy it to
  /// somewhere else, or to have it compacted. When this returns, it has its final form. It is on the
  /// device only where the ``LogConfiguration/syncPolicy`` says so.
  ///
  /// - Returns: Where the segment begins that is being written: what is before lies in full ones.
  /// - Throws: As an append, ``LogError/Code/full`` and ``LogError/Code/device`` among others.
  @discardableResult
  public func roll() async throws(LogError) -> Offset {
    try await runtime.syncers.run { () throws(LogError) in try self.rollNow(.request) }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "rolling waits for the device; use the async form")
  @discardableResult
  public func roll() throws(LogError) -> Offset { try rollNow(.request) }

  @discardableResult
  func rollNow(_ reason: RollReason) throws(LogError) -> Offset {
    defer { flushEvents() }
    while true {
      let base: Offset? = try tail.withLock { tail throws(LogError) in
        if let refusal = tail.refusal { throw refusal }
        guard tail.position > 0 else { return tail.segment.baseOffset }
        guard tail.spare != nil else { return nil }
        tail.roll(reason, clock)
        return tail.segment.baseOffset
      }
      if let base {
        try sealWaiting()
        return base
      }
      // A cleaning that wants to roll would wait for itself.
      if reason != .cleaning { waitForRoom() }
      try makeSpareReady()
    }
  }
}
