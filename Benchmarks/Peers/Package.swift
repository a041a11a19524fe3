// swift-tools-version: 6.2
import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let peers: [(target: String, apt: String)] = [
  ("CRocksDB", "librocksdb-dev"),
  ("CLMDB", "liblmdb-dev"),
  ("CSQLite", "libsqlite3-dev"),
  ("CLevelDB", "libleveldb-dev"),
]

// Apart from the other benchmarks, which need nothing but Varve: this one needs what it compares with.
let package = Package(
  name: "varve-peers",
  dependencies: [
    .package(name: "varve", path: "../.."),
    .package(name: "varve-benchmarks", path: ".."),
  ],
  targets: peers.map { .systemLibrary(name: $0.target, providers: [.apt([$0.apt])]) } + [
    .target(
      name: "PeerStores",
      dependencies: peers.map { .target(name: $0.target) }
        + [.product(name: "Varve", package: "varve")],
      swiftSettings: upcomingFeatures),
    .executableTarget(
      name: "varve-bench-peers",
      dependencies: ["PeerStores", .product(name: "BenchHarness", package: "varve-benchmarks")],
      swiftSettings: upcomingFeatures),
    .testTarget(
      name: "PeerStoresTests",
      // The executable is run as a process, and killed.
      dependencies: ["PeerStores", "varve-bench-peers"],
      swiftSettings: upcomingFeatures),
  ],
  swiftLanguageModes: [.v6]
)
