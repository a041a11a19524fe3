// swift-tools-version: 6.2
import PackageDescription

// A package of its own, which imports Varve as any server would.
let package = Package(
  name: "varve-examples",
  dependencies: [.package(name: "varve", path: "..")],
  targets: [
    .executableTarget(name: "demo", dependencies: [.product(name: "Varve", package: "varve")]),
    .executableTarget(
      name: "kafka-partition", dependencies: [.product(name: "Varve", package: "varve")]),
  ],
  swiftLanguageModes: [.v6]
)
