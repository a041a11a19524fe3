// swift-tools-version: 6.2
import PackageDescription

// The library's traits under the same names, so that `--traits Gzip` here is Gzip there. All are on
// by default: what is not built in cannot be measured.
let forwardedTraits = ["Gzip", "Snappy", "LZ4", "Zstd"]

// What each trait means for the target that calls the codecs' libraries directly.
let bareCodecs = [
  (trait: "Gzip", macro: "VARVE_GZIP", library: "z"),
  (trait: "Snappy", macro: "VARVE_SNAPPY", library: "snappy"),
  (trait: "LZ4", macro: "VARVE_LZ4", library: "lz4"),
  (trait: "Zstd", macro: "VARVE_ZSTD", library: "zstd"),
]

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "varve-benchmarks",
  products: [
    .executable(name: "varve-bench", targets: ["varve-bench"]),
    .executable(name: "varve-plots", targets: ["varve-plots"]),
    // For benchmarks that need more than this package does: see Peers.
    .library(name: "BenchHarness", targets: ["BenchHarness"]),
  ],
  traits: Set(
    forwardedTraits.map { .trait(name: $0) } + [.default(enabledTraits: Set(forwardedTraits))]),
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
      name: "CBareCodecs",
      cSettings: bareCodecs.map { .define($0.macro, .when(traits: [$0.trait])) },
      linkerSettings: bareCodecs.map { .linkedLibrary($0.library, .when(traits: [$0.trait])) }),
    .target(
      name: "BenchHarness", dependencies: ["CBenchProbes"], swiftSettings: upcomingFeatures),
    .executableTarget(
      name: "varve-bench",
      dependencies: [
        "BenchHarness", "CBareCodecs", "CBareLog", .product(name: "Varve", package: "varve"),
      ],
      swiftSettings: upcomingFeatures),
    .target(name: "BenchPlots", swiftSettings: upcomingFeatures),
    .executableTarget(
      name: "varve-plots", dependencies: ["BenchPlots"], swiftSettings: upcomingFeatures),
    .testTarget(
      name: "BenchPlotsTests", dependencies: ["BenchPlots"], exclude: ["Golden"],
      swiftSettings: upcomingFeatures),
    .testTarget(
      name: "BenchHarnessTests",
      // The executable is run as a process: by some tests, and by the tracer in others.
      dependencies: ["BenchHarness", "varve-bench"],
      swiftSettings: upcomingFeatures),
  ],
  swiftLanguageModes: [.v6]
)
