internal import VarveSystem

/// What a store knows of its disk, and has done about it. Under a lock of its own, held for a moment.
struct StoreSpace: Sendable {
  var watch: StoreSpaceWatch
  /// When the disk is looked at.
  var recurrence = Recurrence()
  /// What is kept back for emergencies, as it was seen last.
  var ballastByteCount = 0
  /// Before which time no ballast is made, since that failed.
  var noBallastBefore = Int64.min
  /// Before which time no log is asked for more: what it gave before is not free yet.
  var noEmergencyBefore = Int64.min
  var emergencyByteCount = 0
  var lastEmergency: EmergencyReport?

  init(_ configuration: LogStoreConfiguration) {
    watch = StoreSpaceWatch(
      configuration.diskWatermarks, ballastByteCount: configuration.ballastByteCount)
  }

  mutating func note(_ report: EmergencyReport) {
    emergencyByteCount += report.removedByteCount
    lastEmergency = report
  }
}

extension FileSystemKind {
  /// How long after a file was removed its space may be free only: btrfs gives it back with its next
  /// transaction, which is every thirty seconds. Asked before that, it would have logs give up too much.
  var freeingDelay: Int64 { self == .btrfs ? 31_000_000_000 : 0 }
}
