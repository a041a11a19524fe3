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
  case killWithUnsealedSegments = "kill with unsealed segments"
  case cutWithUnsealedSegments = "power cut with unsealed segments"
  case nameDropped = "power cut that dropped a name"
  case recordsDropped = "power cut that dropped records"
  case mappedTail = "written by stores into a mapping"
  case positionalTail = "written by calls"
  case closed = "closed"
  case parked = "parked"
}
