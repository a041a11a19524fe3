// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

// Each is an executable of that name; Scripts/fuzz finds them by their folders.
let targets = [
  "FuzzBatchView", "FuzzBatchWalk", "FuzzBuilder", "FuzzCheckpoints", "FuzzGzip", "FuzzIndex",
  "FuzzLegacy", "FuzzLZ4", "FuzzNames", "FuzzOpening", "FuzzProperties", "FuzzSnappy",
  "FuzzSnapshot", "FuzzTransactionIndex", "FuzzZstd",
]

let package = Package(
  name: "varve-fuzz",
  dependencies: [
    // Named, since a path dependency is otherwise called after its directory. The codecs, and
    // nothing else: what is fuzzed here has no files but simulated ones.
    .package(
      name: "varve", path: "../..",
      traits: [
        .trait(name: "Gzip"), .trait(name: "Snappy"), .trait(name: "LZ4"), .trait(name: "Zstd"),
      ])
  ],
  targets: [
    .target(name: "CFuzzDriver"),
    .target(name: "FuzzSupport", dependencies: ["CFuzzDriver"], swiftSettings: settings),
    .target(name: "KafkaReference", swiftSettings: settings),
    .target(
      name: "CodecChecks",
      dependencies: ["FuzzSupport", .product(name: "Varve", package: "varve")],
      swiftSettings: settings),
    .executableTarget(
      name: "FuzzCanary", dependencies: ["FuzzSupport"], swiftSettings: settings),
  ]
    + targets.map {
      .executableTarget(
        name: $0,
        dependencies: [
          "CodecChecks", "FuzzSupport", "KafkaReference", .product(name: "Varve", package: "varve"),
          .product(name: "VarveTesting", package: "varve"),
        ],
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
