// swift-tools-version: 6.2
import PackageDescription

// Asks for one codec and not for the ring.
let package = Package(
  name: "Zstandard",
  products: [.library(name: "Zstandard", targets: ["Zstandard"])],
  dependencies: [
    .package(
      name: "varve", path: Context.environment["VARVE_PATH"] ?? "../../..",
      traits: [.trait(name: "Zstd")])
  ],
  targets: [.target(name: "Zstandard", dependencies: [.product(name: "Varve", package: "varve")])]
)
