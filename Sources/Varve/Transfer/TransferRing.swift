internal import VarveSystem

/// The ring of the thread that serves all sends, from the first one on that it is for; and what the
/// ring has been asked to do.
struct TransferRing: ~Copyable {
  private var ring: Ring?
  private var ringDescriptor: Descriptor?
  private var absence: RingSupport?
  private let pipes = PipePool(limit: LogLimits.pipeCount, capacity: LogLimits.pipeByteCount)
  private var flying: [Ring.Tag: Transfer] = [:]
  private var lastNumber: Ring.Tag = 0
  /// Requests that have not been handed over.
  private var requestCount = 0
  private var coldCount = 0

  /// Sees to it that there is a ring, and says if there cannot be one.
  mutating func open() -> RingSupport {
    if ringDescriptor != nil { return .available }
    if let absence { return absence }
    do throws(SystemError) {
      ring = try Ring(
        entryCount: LogLimits.ringEntryCount, workerCount: LogLimits.ringWorkerCount)
      ringDescriptor = ring?.descriptor
      return .available
    } catch {
      let support = RingSupport.without(error.errno)
      absence = support
      return support
    }
  }

  /// What is to be waited for, as long as something is under way.
  var descriptor: Descriptor? { flying.isEmpty ? nil : ringDescriptor }

  /// Whether as many pipes are in use as may be.
  var lacksPipes: Bool { pipes.isExhausted }

  /// Whether as many requests wait for devices as may, and the next one of a transfer would.
  func lacksWorkers(for transfer: Transfer) -> Bool {
    transfer.sending?.needsDevice == true && coldCount >= LogLimits.coldRingCount
  }
}

// MARK: There and back

extension TransferRing {
  /// Asks for what comes next of a transfer.
  mutating func begin(_ transfer: Transfer) {
    // What is linked must be handed over in one.
    if requestCount + 2 > LogLimits.ringEntryCount { submit() }
    lastNumber += 1
    do throws(SystemError) {
      guard let flight = try transfer.sending?.ask(&ring, lastNumber, pipes) else { return }
      transfer.flight = flight
      transfer.phase = .inRing
      flying[flight.number] = transfer
      requestCount += flight.openTags.count
      if flight.isCold { coldCount += 1 }
    } catch {
      // No pipe can be had.
      transfer.phase = .ready
      do throws(LogError) { try transfer.sending?.fallBack(after: error) } catch {
        transfer.failure = error
      }
    }
  }

  /// Asks for what is under way to be ended, again and again: what has not begun is not found. It is
  /// over when it has landed.
  mutating func cancel(_ transfer: Transfer) {
    for tag in transfer.flight?.openTags ?? [] {
      if requestCount == LogLimits.ringEntryCount { submit() }
      if ring?.cancel(tag) == true { requestCount += 1 }
    }
  }

  /// Hands over what was asked for; false where the kernel has no room for it now.
  @discardableResult
  mutating func submit() -> Bool {
    guard ringDescriptor != nil, !flying.isEmpty || requestCount > 0 else { return true }
    do throws(SystemError) {
      try ring?.submit()
      requestCount = 0
      return true
    } catch {
      return false
    }
  }

  /// Gives back the transfers of which all is done that was asked for.
  mutating func land() {
    while let completion = ring?.next() {
      let number = RingFlight.number(of: completion.tag)
      guard let transfer = flying[number] else { continue }
      transfer.flight?.note(completion)
      guard let flight = transfer.flight, flight.hasLanded else { continue }
      flying[number] = nil
      if flight.isCold { coldCount -= 1 }
      transfer.flight = nil
      transfer.land(flight)
    }
  }
}

extension Transfer {
  /// The ring has done what it was asked for.
  fileprivate func land(_ flight: RingFlight) {
    do throws(LogError) {
      phase = phase(took: try sending?.land(flight) == true)
    } catch {
      failure = error
      phase = .ready
    }
  }
}
