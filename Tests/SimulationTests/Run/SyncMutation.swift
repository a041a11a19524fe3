import Testing
import VarveSystem
import VarveTesting

/// An engine that leaves out some of its syncs, or makes them too late.
struct SyncMutation: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whose syncs do nothing.
  var sites: Set<SyncSite> = []
  /// How the files are called whose syncs do nothing, too.
  var suffix: String?
  /// Behind what they are made up for; nil if never.
  var until: SilencedSyncs.Choice?

  var testDescription: String { name }

  /// Without one of the syncs.
  init(without site: SyncSite) {
    name = "without " + site.rawValue
    sites = [site]
  }

  /// With one of them made behind what it must come before; nil if there is nothing like that.
  init?(late site: SyncSite) {
    guard let deadline = site.deadline else { return nil }
    name = "too late: " + site.rawValue
    sites = [site]
    until = deadline
  }

  init(_ name: String, without sites: Set<SyncSite>) {
    self.name = name
    self.sites = sites
  }

  /// Without those of files whose names end so.
  init(_ name: String, withoutFilesNamed suffix: String) {
    self.name = name
    self.suffix = suffix
  }

  /// What it makes of the syncs of a simulated process.
  func silence(_ watch: Watch) -> SilencedSyncs {
    SilencedSyncs(until: until) { [sites, suffix] call, path in
      if let suffix, call == .syncData, path.hasSuffix(suffix) { return true }
      return watch.site.map(sites.contains) ?? false
    }
  }
}
