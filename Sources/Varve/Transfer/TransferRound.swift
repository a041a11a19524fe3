internal import VarveSystem

/// The sends of a loop, in the order in which they came. Its thread alone has it.
struct TransferRound {
  private var transfers: [Transfer] = []
  private var polled: [Transfer] = []
  private var set = PollSet()

  var isEmpty: Bool { transfers.isEmpty }

  mutating func add(_ arrived: [Transfer]) { transfers += arrived }

  /// Gives each send that can go on its turn, and returns those that only another thread may go on
  /// with. To one descriptor goes one at a time: the slices of two would be mixed up.
  mutating func goRound() -> [Transfer] {
    var taken: Set<HostDescriptor> = []
    var handedOut: [Transfer] = []
    transfers.removeAll { transfer in
      guard transfer.phase != .away else {
        taken.insert(transfer.descriptor)
        return false
      }
      // Cancelled ones end also while they wait for another.
      if !transfer.isOver {
        guard taken.insert(transfer.descriptor).inserted else { return false }
        if transfer.phase == .ready {
          if transfer.isDirect {
            transfer.takeTurn()
          } else {
            transfer.phase = .away
            handedOut.append(transfer)
            return false
          }
        }
      }
      guard transfer.isOver else { return false }
      transfer.finish()
      return true
    }
    return handedOut
  }

  /// Waits until one of them can go on, or something else wakes the thread.
  mutating func wait(_ wake: WakeEvent) {
    var milliseconds: Int32?
    var taken: Set<HostDescriptor> = []
    set.removeAll()
    set.add(wake)
    polled.removeAll(keepingCapacity: true)
    for transfer in transfers where taken.insert(transfer.descriptor).inserted {
      switch transfer.phase {
      case .away: break
      case .ready: milliseconds = 0
      case .resting:
        milliseconds = min(milliseconds ?? .max, LogLimits.fruitlessMilliseconds)
        transfer.phase = .waiting
      case .waiting:
        set.add(writable: transfer.descriptor)
        polled.append(transfer)
      }
    }
    do throws(SystemError) {
      try set.wait(milliseconds: milliseconds)
    } catch {
      // No memory for so many: those that cannot be waited for are asked now and then.
      try? PollSet.pause(milliseconds: LogLimits.fruitlessMilliseconds)
      for transfer in polled where transfer.isDirect { transfer.phase = .ready }
      return
    }
    for (index, transfer) in polled.enumerated() where set.isReady(index + 1) {
      transfer.phase = .ready
    }
  }
}
