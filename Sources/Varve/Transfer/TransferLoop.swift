internal import Synchronization
internal import VarveSystem

/// Sends for tasks: one thread that goes round all sends whose descriptors take bytes, and waits for
/// those whose descriptors do not.
///
/// What may wait for a device goes to the ring, or else to threads of its own; and sends to blocking
/// descriptors to other ones, for as long as a call may last. In the inline form there are no threads,
/// and a send is done where it is asked for.
final class TransferLoop: Sendable {
  private let isInline: Bool
  private let peerSenders: WorkerPool
  private let deviceSenders: WorkerPool
  private let desk = Lock(TransferDesk())

  init(isInline: Bool) {
    self.isInline = isInline
    peerSenders = WorkerPool(
      named: "varve-sender", limit: LogLimits.senderCount, isInline: isInline)
    deviceSenders = WorkerPool(
      named: "varve-device", limit: LogLimits.deviceSenderCount, isInline: isInline)
  }

  /// Sends all that is left of transfers, and waits for that without holding a thread.
  ///
  /// - Parameter isClaimed: Whether the caller has claimed the descriptor of the first one, which begins
  ///   before all that wait for that.
  func run(
    _ transfers: [Transfer], isClaimed: Bool = false
  ) async throws(LogError) -> [Result<Void, LogError>] {
    guard !isInline else { return transfers.map { $0.runInline() } }
    guard let first = transfers.first else { return [] }
    let wake: WakeEvent
    do throws(LogError) { wake = try start() } catch {
      if isClaimed { release(first.descriptor) }
      throw error
    }
    let countdown = Countdown(transfers.count)
    for transfer in transfers { transfer.whenOver(countdown) }
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        countdown.wait(unsafe WaitingTask(continuation))
        desk.withLock { desk in
          if isClaimed {
            desk.release(first.descriptor, before: first)
          } else {
            for transfer in transfers { desk.admit(transfer) }
          }
        }
        wake.signal()
      }
    } onCancel: {
      for transfer in transfers { transfer.isCancelled.store(true, ordering: .releasing) }
      wake.signal()
    }
    return countdown.look { transfers.map(\.result) }
  }

  /// Lets the threads end, once nothing is left to send.
  func stop() {
    let wake = desk.withLock { desk in
      desk.isStopped = true
      return desk.wake
    }
    wake?.signal()
    peerSenders.stop()
    deviceSenders.stop()
  }

  /// Sees to it that there is a thread.
  private func start() throws(LogError) -> WakeEvent {
    do throws(SystemError) {
      return try desk.withLock { desk throws(SystemError) in
        if let wake = desk.wake { return wake }
        let wake = try WakeEvent()
        try OwnedThread.detached(named: "varve-transfer") { [self] in go(wake) }
        desk.wake = wake
        return wake
      }
    } catch {
      throw LogError(error, "start a thread to send with")
    }
  }
}

// MARK: For callers who send themselves

extension TransferLoop {
  /// Keeps all others away from a descriptor, until it is released; false where one is there already.
  func claim(_ descriptor: HostDescriptor) -> Bool {
    !isInline && desk.withLock { $0.claim(descriptor) }
  }

  /// Lets those to a descriptor that have waited.
  func release(_ descriptor: HostDescriptor) {
    let (mustWake, wake) = desk.withLock { ($0.release(descriptor), $0.wake) }
    if mustWake { wake?.signal() }
  }
}

// MARK: On the thread

extension TransferLoop {
  private func go(_ wake: WakeEvent) {
    var round = TransferRound()
    while takeOver(&round, wake) {
      let departures = round.goRound()
      for (transfer, carrier) in departures.handedOut { handOut(transfer, to: carrier, wake) }
      finish(departures.finished)
      round.wait(wake)
    }
  }

  /// Takes what has come since; false when it is time to end.
  private func takeOver(_ round: inout TransferRound, _ wake: WakeEvent) -> Bool {
    // Before the look, so that what comes during it signals again.
    wake.clear()
    let (arrived, returned, isStopped) = desk.withLock { desk in
      defer { (desk.arrived, desk.returned) = ([], []) }
      return (desk.arrived, desk.returned, desk.isStopped)
    }
    round.add(arrived)
    for transfer in returned { transfer.didReturn() }
    return !isStopped || !round.isEmpty
  }

  private func finish(_ finished: [Transfer]) {
    guard !finished.isEmpty else { return }
    // First: the task may send to the descriptor itself as soon as it goes on.
    desk.withLock { desk in
      for transfer in finished { desk.dismiss(transfer) }
    }
    for transfer in finished { transfer.finish() }
  }

  private func handOut(_ transfer: Transfer, to carrier: TransferCarrier, _ wake: WakeEvent) {
    let isForDevice = carrier == .deviceThread
    (isForDevice ? deviceSenders : peerSenders).perform { [self] in
      if isForDevice { transfer.takeTurnAway() } else { transfer.takeBlockingTurn() }
      desk.withLock { $0.returned.append(transfer) }
      wake.signal()
    }
  }
}
