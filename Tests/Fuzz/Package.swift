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
  "FuzzBatchView", "FuzzBatchWalk", "FuzzBuilder", "FuzzCheckpoints", "FuzzIndex", "FuzzLegacy",
  "FuzzNames", "FuzzProperties", "FuzzSnapshot", "FuzzTransactionIndex",
]

let package = Package(
  name: "varve-fuzz",
  dependencies: [
    // Named, since a path dependency is otherwise called after its directory. Without traits:
    // what is fuzzed here needs no library of the system.
    .package(name: "varve", path: "../..", traits: [])
  ],
  targets: [
    .target(name: "CFuzzDriver"),
    .target(name: "FuzzSupport", dependencies: ["CFuzzDriver"], swiftSettings: settings),
    .target(name: "KafkaReference", swiftSettings: settings),
    .executableTarget(
      name: "FuzzCanary", dependencies: ["FuzzSupport"], swiftSettings: settings),
  ]
    + targets.map {
      .executableTarget(
        name: $0,
        dependencies: [
          "FuzzSupport", "KafkaReference", .product(name: "Varve", package: "varve"),
        ],
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
