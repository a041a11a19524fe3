import PeerStores

/// Of what Varve is compared with, as the libraries themselves say.
let libraryVersions: [String: String] = Dictionary(
  uniqueKeysWithValues: LibraryVersion.all.map { ($0.name, $0.number) })
