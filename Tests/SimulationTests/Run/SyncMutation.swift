import Testing
import VarveSystem
import VarveTesting

/// A sync of the engine's, by what it is part of, that is to do nothing.
struct SyncMutation: Sendable, CustomTestStringConvertible {
  let name: String
  let phases: [Phase]
  let sync: SilencedSyncs

  init(_ name: String, in phases: [Phase], _ sync: SilencedSyncs) {
    self.name = name
    self.phases = phases
    self.sync = sync
  }

  var testDescription: String { name }

  func silence(in phase: Phase) -> SilencedSyncs? { phases.contains(phase) ? sync : nil }
}

extension SyncMutation {
  private static let sealing: [Phase] = [.maintaining, .closing]

  private static let isRenameOfIndex: @Sendable (SilencedSyncs.Mutation) -> Bool = {
    $0.call == .rename && $0.path.hasSuffix("-new")
  }

  /// Each sync of the engine's that a property misses when it is left out.
  ///
  /// Not among them are those of the side file, which is a cache and not believed where it does not
  /// fit; and the one behind the rename of the next segment, which recovery would find as a spare:
  /// it is what Kafka needs, and what an acknowledgement as durable waits for.
  static let needed: [SyncMutation] = [
    SyncMutation(
      "appending: the bytes of durable records", in: [.appending], SilencedSyncs(.syncData)),
    SyncMutation(
      "sealing: the segment's bytes", in: [.maintaining], SilencedSyncs(.syncData, on: ".log")),
    SyncMutation(
      "sealing, closing: the offset index", in: sealing,
      SilencedSyncs(.syncData, on: ".index-new")),
    SyncMutation(
      "sealing, closing: the time index", in: sealing,
      SilencedSyncs(.syncData, on: ".timeindex-new")),
    SyncMutation(
      "closing: the segment's bytes", in: [.closing], SilencedSyncs(.syncData, on: ".log")),
    SyncMutation("closing: the names", in: [.closing], SilencedSyncs(.syncDirectory)),
    SyncMutation(
      "opening: a cut", in: [.opening],
      SilencedSyncs(.syncData) { $0.call == .truncate && !isBeside($0) }),
    SyncMutation(
      "opening: the offset index", in: [.opening], SilencedSyncs(.syncData, on: ".index-new")),
    SyncMutation(
      "opening: the time index", in: [.opening], SilencedSyncs(.syncData, on: ".timeindex-new")),
    SyncMutation(
      "opening: the log's names", in: [.opening],
      SilencedSyncs(.syncDirectory, on: "orders-0") { !isRenameOfIndex($0) }),
    SyncMutation(
      "opening: the names above a new log", in: [.opening], SilencedSyncs(.syncDirectory, on: ".")),
  ]

  /// Whether it is of the side file, or of a file that will replace another one.
  private static func isBeside(_ mutation: SilencedSyncs.Mutation) -> Bool {
    mutation.path.hasSuffix(".side") || mutation.path.hasSuffix("-new")
  }
}
