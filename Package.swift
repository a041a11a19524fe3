// swift-tools-version: 6.2
import PackageDescription

// The five traits are additive: SwiftPM builds the union of what all dependents ask for.
// A codec's trait adds the C library that its system-library target names, and nothing else.
let ringTrait = "IOUring"
let codecs: [(trait: String, target: String, pkgConfig: String, apt: String)] = [
  ("Gzip", "CZlib", "zlib", "zlib1g-dev"),
  ("Snappy", "CSnappy", "snappy", "libsnappy-dev"),
  ("LZ4", "CLZ4", "liblz4", "liblz4-dev"),
  ("Zstd", "CZstd", "libzstd", "libzstd-dev"),
]

let upcomingFeatures: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// Tests and tools do without strict memory safety: there `Span.bytes` counts as unsafe, and
// a fence around every test line would fence nothing.
let librarySettings: [SwiftSetting] =
  upcomingFeatures + [
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
  ]

let package = Package(
  name: "varve",
  products: [
    .library(name: "Varve", targets: ["Varve"]),
    .library(name: "VarveTesting", targets: ["VarveTesting"]),
    .executable(name: "varve", targets: ["VarveTool"]),
  ],
  traits: [
    .trait(
      name: "IOUring",
      description: "Transfers by io_uring, where liburing and the kernel have it."),
    .trait(name: "Gzip", description: "Links zlib, for gzip batches. Needs zlib1g-dev."),
    .trait(
      name: "Snappy", description: "Links libsnappy, for snappy batches. Needs libsnappy-dev."),
    .trait(name: "LZ4", description: "Links liblz4, for lz4 batches. Needs liblz4-dev."),
    .trait(name: "Zstd", description: "Links libzstd, for zstd batches. Needs libzstd-dev."),
    .default(enabledTraits: ["IOUring"]),
  ],
  targets: [
    // C libraries of the system. Their headers are found with __has_include and their link
    // flags by pkg-config alone, so a machine without them still builds.
    .systemLibrary(
      name: "CLiburing", pkgConfig: "liburing", providers: [.apt(["liburing-dev"])])
  ]
    + codecs.map {
      .systemLibrary(name: $0.target, pkgConfig: $0.pkgConfig, providers: [.apt([$0.apt])])
    } + [
      .target(name: "CVarveBytes"),
      .target(
        name: "CVarveSystem",
        dependencies: [.target(name: "CLiburing", condition: .when(traits: [ringTrait]))],
        cSettings: [.define("VARVE_IOURING", .when(traits: [ringTrait]))]),

      .target(
        name: "VarveFormat",
        dependencies: ["CVarveBytes"]
          + codecs.map { .target(name: $0.target, condition: .when(traits: [$0.trait])) },
        swiftSettings: librarySettings),
      .target(name: "VarveSystem", dependencies: ["CVarveSystem"], swiftSettings: librarySettings),
      .target(
        name: "Varve", dependencies: ["VarveFormat", "VarveSystem"],
        swiftSettings: librarySettings),
      .target(
        name: "VarveTesting", dependencies: ["Varve", "VarveFormat", "VarveSystem"],
        swiftSettings: librarySettings),

      .target(
        name: "VarveCommand", dependencies: ["Varve", "VarveFormat", "VarveSystem"],
        swiftSettings: upcomingFeatures),
      .executableTarget(
        name: "VarveTool", dependencies: ["VarveCommand", "VarveSystem"],
        swiftSettings: upcomingFeatures),

      .testTarget(
        name: "VarveFormatTests", dependencies: ["VarveFormat", "CVarveBytes"],
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "VarveTests",
        dependencies: ["Varve", "VarveFormat", "VarveSystem", "VarveTesting", "CLinuxForTests"],
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "StoreTests", dependencies: ["Varve", "VarveFormat", "VarveSystem", "VarveTesting"],
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "VarveSystemTests", dependencies: ["VarveSystem", "CLinuxForTests"],
        swiftSettings: upcomingFeatures),
      .target(name: "CLinuxForTests", path: "Tests/CLinuxForTests"),
      .testTarget(
        name: "VarveTestingTests",
        dependencies: ["Varve", "VarveFormat", "VarveSystem", "VarveTesting"],
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "SimulationTests",
        dependencies: ["Varve", "VarveFormat", "VarveSystem", "VarveTesting"],
        swiftSettings: upcomingFeatures),
      // What CrashTests kills.
      .executableTarget(
        name: "crash-child", dependencies: ["Varve"], path: "Tests/CrashChild",
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "CrashTests",
        dependencies: [
          "Varve", "VarveFormat", "VarveSystem", "VarveTesting", "CLinuxForTests", "crash-child",
          "soak",
        ],
        swiftSettings: upcomingFeatures),
      // A store under load, for as long as `make soak` says.
      .executableTarget(
        name: "soak", dependencies: ["Varve", "VarveTesting"], path: "Tests/Soak",
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "KafkaCompatibilityTests", dependencies: ["Varve", "VarveFormat", "VarveTesting"],
        swiftSettings: upcomingFeatures),
      .testTarget(
        name: "CommandTests",
        dependencies: [
          "Varve", "VarveCommand", "VarveFormat", "VarveSystem", "VarveTesting", "VarveTool",
          "CLinuxForTests",
        ],
        swiftSettings: upcomingFeatures),
      // What the documentation shows, compiled and run.
      .testTarget(
        name: "DocumentationTests", dependencies: ["Varve", "VarveTesting"],
        swiftSettings: upcomingFeatures),
      .testTarget(name: "StructureTests", swiftSettings: upcomingFeatures),
    ],
  swiftLanguageModes: [.v6]
)

// A build of some tests alone: optimized or with a sanitizer, each test target takes a minute. The programs
// that CrashTests starts go with it.
if let chosen = Context.environment["VARVE_TEST_TARGETS"]?.split(separator: " ") {
  package.targets.removeAll { $0.type == .test && !chosen.contains(Substring($0.name)) }
  if !chosen.contains("CrashTests") {
    package.targets.removeAll { ["crash-child", "soak"].contains($0.name) }
  }
}

// Of them, some files alone: a build for ThreadSanitizer, say, compiles no tests that it has no use for.
if let chosen = Context.environment["VARVE_TEST_SOURCES"]?.split(separator: " ") {
  for target in package.targets where target.type == .test {
    let folder = "Tests/\(target.name)/"
    target.sources = chosen.filter { $0.hasPrefix(folder) }.map {
      String($0.dropFirst(folder.count))
    }
  }
}
