import VarveSystem
import VarveTesting

@testable import Varve

// A disk that fails for a while. What a log says then is no broken property: what it keeps is
// compared as ever.

extension Simulation {
  /// From now on something goes wrong.
  func fail(_ fault: DiskFault) {
    fileSystem.faults = fault.plan(on: fileSystem)
    isDiskFailing = true
  }

  /// The disk is as good as new. A log that a sync has failed on is not, and is opened again.
  func mend() throws {
    fileSystem.faults = .none
    if life?.isRefusing == true { try abandon() }
    isDiskFailing = false
    refusals = []
  }

  /// A step has failed as it may on a disk that does.
  func stepFailed(_ step: Step, _ error: LogError) throws {
    journal.append("  failed: \(error)")
    note(error)
    if case .close = step, life != nil {
      try abandon(as: error.isOfSync ? .power : .kill)
    }
  }

  /// Lets go of the log without closing it, as a process does that goes on and opens it again.
  func abandon(as crash: Crash = .kill) throws {
    life?.finish()
    let isMemoryBelieved = life?.hasFailedSync != true
    life = nil
    noteEnd(isMemoryBelieved ? crash : .power)
    try expectNothingOpen()
  }

  /// Takes note of how a life ended: of several ends since the log was open last, the worst one
  /// decides what may be missing.
  func noteEnd(_ crash: Crash) {
    if lastCrash != .power { lastCrash = crash }
  }
}

extension Life {
  /// Whether the log takes no more appends.
  var isRefusing: Bool { log.tail.withLock { $0.refusal != nil } }

  /// Whether a sync has failed: then memory is not believed any more.
  var hasFailedSync: Bool {
    hasMetFailedSync || log.tail.withLock { $0.refusal?.isOfSync ?? false }
  }
}

extension LogError {
  /// Whether a sync has failed, after which memory is not believed.
  var isOfSync: Bool {
    let syncs: [VarveSystem.SystemCall] = [.syncData, .syncDirectory]
    return syncs.contains { $0.rawValue == systemCall?.name }
  }
}
