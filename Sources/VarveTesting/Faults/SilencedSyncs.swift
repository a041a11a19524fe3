package import VarveSystem

/// Syncs that say they have been done, and do nothing: how a simulation is tested that must notice
/// when an engine leaves one out.
package struct SilencedSyncs: Sendable {
  /// Which call; nil for all syncs of files and directories.
  package var call: SystemCall?
  /// How the path of the file ends, by the name under which it was opened.
  package var path: String
  /// What the call before must have been that changed something; nil for anything.
  package var previous: Set<SystemCall>?

  package init(
    _ call: SystemCall? = nil, on path: String = "", after previous: Set<SystemCall>? = nil
  ) {
    self.call = call
    self.path = path
    self.previous = previous
  }

  func contains(_ operation: SimulatedOperation, after previous: SystemCall?) -> Bool {
    if let call, call != operation.call { return false }
    guard operation.path.hasSuffix(path) else { return false }
    guard let wanted = self.previous else { return true }
    return previous.map(wanted.contains) ?? false
  }
}
