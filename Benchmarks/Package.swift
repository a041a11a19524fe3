// swift-tools-version: 6.2
import PackageDescription

// The library's traits under the same names, so that `--traits Gzip` here is Gzip there.
let forwardedTraits = ["Gzip", "Snappy", "LZ4", "Zstd"]

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "varve-benchmarks",
  products: [
    .executable(name: "varve-bench", targets: ["varve-bench"])
  ],
  traits: Set(forwardedTraits.map { .trait(name: $0) }),
  dependencies: [
    // Named, since a path dependency is otherwise called after its directory.
    .package(
      name: "varve", path: "..",
      traits: Set(
        [.defaults]
          + forwardedTraits.map { .trait(name: $0, condition: .when(traits: [$0])) }))
  ],
  targets: [
    .target(name: "CBenchProbes"),
    .target(name: "CBareLog"),
    .target(
      name: "BenchHarness", dependencies: ["CBenchProbes"], swiftSettings: upcomingFeatures),
    .executableTarget(
      name: "varve-bench",
      dependencies: ["BenchHarness", "CBareLog", .product(name: "Varve", package: "varve")],
      swiftSettings: upcomingFeatures),
    .testTarget(
      name: "BenchHarnessTests",
      // The executable is run as a process: by some tests, and by the tracer in others.
      dependencies: ["BenchHarness", "varve-bench"],
      swiftSettings: upcomingFeatures),
  ],
  swiftLanguageModes: [.v6]
)
