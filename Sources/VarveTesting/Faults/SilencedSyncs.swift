package import VarveSystem

/// Syncs that say they have been done, and do nothing: how a simulation is tested that must notice
/// when an engine leaves one out.
package struct SilencedSyncs: Sendable {
  /// An operation that changed something.
  package struct Mutation: Sendable {
    package var call: SystemCall
    package var path: String
  }

  private let call: SystemCall
  private let path: String
  private let follows: @Sendable (Mutation) -> Bool

  /// Syncs by `call` of files whose path, under which they were opened, ends with `path`.
  ///
  /// - Parameter previous: Looks at the mutation before, where a sync is known by what it follows.
  package init(
    _ call: SystemCall, on path: String = "",
    after previous: @escaping @Sendable (Mutation) -> Bool = { _ in true }
  ) {
    self.call = call
    self.path = path
    follows = previous
  }

  func contains(_ operation: SimulatedOperation, after previous: Mutation?) -> Bool {
    operation.call == call && operation.path.hasSuffix(path) && (previous.map(follows) ?? true)
  }
}
