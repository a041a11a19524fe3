internal import VarveSystem

/// The sends of a loop, in the order in which they came. Its thread alone has it.
struct TransferRound: ~Copyable {
  private var transfers: [Transfer] = []
  private var polled: [Transfer] = []
  private var set = PollSet()
  private var ring = TransferRing()
  /// Whether the ring is to be entered again soon, whatever happens.
  private var mustSubmitAgain = false

  var isEmpty: Bool { transfers.isEmpty }

  mutating func add(_ arrived: [Transfer]) { transfers += arrived }

  /// Those that leave the round.
  struct Departures {
    /// Only another thread may go on with them; they come back.
    var handedOut: [(transfer: Transfer, carrier: TransferCarrier)] = []
    /// They are over.
    var finished: [Transfer] = []
  }

  /// Gives each send that can go on its turn. To one descriptor goes one at a time: the slices of two
  /// would be mixed up.
  mutating func goRound() -> Departures {
    ring.land()
    mustSubmitAgain = false
    var departures = Departures()
    var taken: Set<HostDescriptor> = []
    var staying: [Transfer] = []
    for transfer in transfers {
      visit(transfer, &taken, &departures)
      if transfer.isLeaving {
        departures.finished.append(transfer)
      } else {
        staying.append(transfer)
      }
    }
    transfers = staying
    if !ring.submit() { mustSubmitAgain = true }
    return departures
  }

  private mutating func visit(
    _ transfer: Transfer, _ taken: inout Set<HostDescriptor>, _ departures: inout Departures
  ) {
    if transfer.isElsewhere {
      taken.insert(transfer.descriptor)
      if transfer.phase == .inRing, transfer.isBeingCancelled {
        ring.cancel(transfer)
        mustSubmitAgain = true
      }
      return
    }
    // Cancelled ones end also while they wait for another.
    guard !transfer.isOver, taken.insert(transfer.descriptor).inserted else { return }
    guard transfer.phase == .ready || transfer.phase == .queued else { return }
    let carrier = transfer.carrier(&ring)
    switch carrier {
    case .loop: transfer.takeTurn()
    case .ring: board(transfer)
    case .deviceThread, .peerThread:
      transfer.phase = .away
      departures.handedOut.append((transfer, carrier))
    }
  }

  /// Gives a transfer to the ring, unless that has too much to do.
  private mutating func board(_ transfer: Transfer) {
    transfer.phase = .queued
    guard !ring.lacksWorkers(for: transfer) else { return }
    if ring.lacksPipes, transfer.needsPipe {
      // One that waits for its receiver can be filled again.
      guard let holder = transfers.first(where: \.canGiveUpItsPipe) else { return }
      holder.sending?.loan = nil
    }
    ring.begin(transfer)
  }
}

// MARK: Waiting

extension TransferRound {
  /// Waits until one of them can go on, or something else wakes the thread.
  mutating func wait(_ wake: WakeEvent) {
    var milliseconds = prepareToWait(wake)
    if mustSubmitAgain { milliseconds = min(milliseconds ?? .max, LogLimits.fruitlessMilliseconds) }
    let ringIndex = ring.descriptor.map { _ in polled.count + 1 }
    if let descriptor = ring.descriptor { set.add(readable: descriptor) }
    do throws(SystemError) {
      try set.wait(milliseconds: milliseconds)
    } catch {
      // No memory for so many: those that cannot be waited for are asked now and then.
      try? PollSet.pause(milliseconds: LogLimits.fruitlessMilliseconds)
      for transfer in polled where transfer.isDirect { transfer.phase = .ready }
      ring.submit()
      return
    }
    for (index, transfer) in polled.enumerated() where set.isReady(index + 1) {
      transfer.didFind(set.finding(index + 1))
    }
    // It tells what is done when it is entered.
    if let ringIndex, set.isReady(ringIndex) { ring.submit() }
  }

  /// Collects what is to be waited for, and for how long (nil: for ever).
  private mutating func prepareToWait(_ wake: WakeEvent) -> Int32? {
    var milliseconds: Int32?
    var taken: Set<HostDescriptor> = []
    set.removeAll()
    set.add(wake)
    polled.removeAll(keepingCapacity: true)
    for transfer in transfers where taken.insert(transfer.descriptor).inserted {
      switch transfer.phase {
      case .away, .inRing, .queued: break
      case .ready: milliseconds = 0
      case .resting:
        milliseconds = min(milliseconds ?? .max, LogLimits.fruitlessMilliseconds)
        transfer.phase = .waiting
      case .waiting:
        set.add(writable: transfer.descriptor)
        polled.append(transfer)
      }
    }
    return milliseconds
  }
}

extension Transfer {
  fileprivate var isElsewhere: Bool { phase == .away || phase == .inRing }
  fileprivate var isLeaving: Bool { !isElsewhere && isOver }

  /// Who goes on with it.
  fileprivate func carrier(_ ring: inout TransferRing) -> TransferCarrier {
    guard isDirect else { return isFile ? .deviceThread : .peerThread }
    do throws(LogError) {
      return try sending?.chooseCarrier(&ring) ?? .loop
    } catch {
      failure = error
      return .loop
    }
  }

  fileprivate var needsPipe: Bool { sending?.holdsPipe == false && sending?.target.kind == .socket }

  fileprivate var canGiveUpItsPipe: Bool {
    (phase == .waiting || phase == .resting) && sending?.holdsPipe == true
  }
}
