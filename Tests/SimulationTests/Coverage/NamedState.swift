/// What must have happened in a run for its silence to mean something.
enum NamedState: String, CaseIterable, Sendable {
  case crashInRollBeforeRename = "crash in a roll before the rename"
  case crashInRollAfterRename = "crash in a roll after the rename"
  case crashInOpening = "crash in opening"
  case crashInRecovery = "crash in recovery from a crash"
  case crashInClose = "crash in close"
  case spareAdopted = "spare adopted"
  case spareRemoved = "spare removed"
  case tornTailCut = "torn tail cut"
  case gapAtSeal = "segments removed behind one that ended too early"
  case killWithUnsealedSegments = "kill with unsealed segments"
  case cutWithUnsealedSegments = "power cut with unsealed segments"
  case nameDropped = "power cut that dropped a name"
  case recordsDropped = "power cut that dropped records"
  case mappedTail = "written by stores into a mapping"
  case positionalTail = "written by calls"
  case switchedToCalls = "written by calls because of syncs"
  case switchedBack = "and by stores again"
  case durableAppend = "appended durably"
  case durableAppendOverRoll = "appended durably across a roll"
  case waitingFlush = "flush that had to wait"
  case syncedAtRoll = "synced at a roll alone"
  case syncedByNumber = "synced by the number of records"
  case syncedByTime = "synced by time"
  case closedUnsynced = "closed, and not synced before"
  case lockTakenOver = "lock taken over after a crash"
  case poisonedByDataSync = "poisoned by a sync of bytes"
  case poisonedByNameSync = "poisoned by a sync of names"
  case crashWhilePoisoned = "crash while poisoned"
  case copiedFromDevice = "recovered from what the device holds"
  case fullInAppend = "full disk in an append"
  case fullInRoll = "full disk in a roll"
  case fullInOpening = "full disk in opening"
  case fullInClose = "full disk in closing"
  case slicesHeldOverRoll = "slices held over a roll"
  case slicesHeldOverPoison = "slices held over poison"
  case slicesHeldOverClose = "slices held over a close"
  case slicesHeldOverOpening = "slices held over another opening"
  case slicesReleased = "slices released"
  case closed = "closed"
  case kafkaAfterClose = "closed, and loaded by Kafka"
  case kafkaAfterCrash = "crashed, and loaded by Kafka"
  case kafkaBelievedSegments = "crashed, and loaded by Kafka with a recovery point"
  case kafkaKeptLess = "crashed, and Kafka lost records"
  case kafkaMisled = "crashed, and a batch left without its offset"
  case kafkaRefused = "crashed without syncs, and refused by Kafka"
  case parked = "parked"
  case damageReported = "damage reported (never)"
}

extension NamedState {
  /// What must not happen: nothing that a simulation does takes what was on the device.
  var isForbidden: Bool { self == .damageReported }

  /// What a broad run need not meet: a sector that ends right behind a batch's offset is one in 512.
  var isRare: Bool { self == .kafkaMisled }
}
