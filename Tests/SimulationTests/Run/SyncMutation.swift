import VarveSystem
import VarveTesting

/// A sync of the engine's, by what it is part of, that is to do nothing.
struct SyncMutation: Sendable, CustomStringConvertible {
  let name: String
  let phases: [Phase]
  let sync: SilencedSyncs

  var description: String { name }

  func silence(in phase: Phase) -> SilencedSyncs? { phases.contains(phase) ? sync : nil }
}
