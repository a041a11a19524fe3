internal import Synchronization
internal import VarveSystem

/// Sends for tasks: one thread that goes round all sends whose descriptors take bytes, and waits for
/// those whose descriptors do not.
///
/// Sends to blocking descriptors are handed to threads of their own for as long as a call may last;
/// nothing else in the process depends on those. In the inline form there are no threads, and a send
/// is done where it is asked for.
final class TransferLoop: Sendable {
  private struct State {
    var arrived: [Transfer] = []
    var returned: [Transfer] = []
    var wake: WakeEvent?
    var isStopped = false
  }

  private let isInline: Bool
  private let senders: WorkerPool
  private let state = Lock(State())

  init(isInline: Bool) {
    self.isInline = isInline
    senders = WorkerPool(named: "varve-sender", limit: LogLimits.senderCount, isInline: isInline)
  }

  /// Sends all that is left of a transfer, and waits for that without holding a thread.
  func run(_ transfer: Transfer) async throws(LogError) {
    guard !isInline else { return try transfer.runInline() }
    let wake = try start()
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        unsafe transfer.whenOver(continuation)
        state.withLock { $0.arrived.append(transfer) }
        wake.signal()
      }
    } onCancel: {
      transfer.isCancelled.store(true, ordering: .releasing)
      wake.signal()
    }
    try transfer.result()
  }

  /// Lets the threads end, once nothing is left to send.
  func stop() {
    let wake = state.withLock { state in
      state.isStopped = true
      return state.wake
    }
    wake?.signal()
    senders.stop()
  }

  /// Sees to it that there is a thread.
  private func start() throws(LogError) -> WakeEvent {
    do throws(SystemError) {
      return try state.withLock { state throws(SystemError) in
        if let wake = state.wake { return wake }
        let wake = try WakeEvent()
        try OwnedThread.detached(named: "varve-transfer") { [self] in go(wake) }
        state.wake = wake
        return wake
      }
    } catch {
      throw LogError(error, "start a thread to send with")
    }
  }
}

// MARK: On the thread

extension TransferLoop {
  private func go(_ wake: WakeEvent) {
    var round = TransferRound()
    while takeOver(&round, wake) {
      for transfer in round.goRound() { handOut(transfer, wake) }
      round.wait(wake)
    }
  }

  /// Takes what has come since; false when it is time to end.
  private func takeOver(_ round: inout TransferRound, _ wake: WakeEvent) -> Bool {
    // Before the look, so that what comes during it signals again.
    wake.clear()
    let (arrived, returned, isStopped) = state.withLock { state in
      defer { (state.arrived, state.returned) = ([], []) }
      return (state.arrived, state.returned, state.isStopped)
    }
    round.add(arrived)
    for transfer in returned { transfer.didReturn() }
    return !isStopped || !round.isEmpty
  }

  private func handOut(_ transfer: Transfer, _ wake: WakeEvent) {
    senders.perform { [self] in
      transfer.takeBlockingTurn()
      state.withLock { $0.returned.append(transfer) }
      wake.signal()
    }
  }
}
