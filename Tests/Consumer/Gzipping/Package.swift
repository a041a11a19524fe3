// swift-tools-version: 6.2
import PackageDescription

// Asks for one codec and not for the ring.
let package = Package(
  name: "Gzipping",
  products: [.library(name: "Gzipping", targets: ["Gzipping"])],
  dependencies: [
    .package(
      name: "varve", path: Context.environment["VARVE_PATH"] ?? "../../..",
      traits: [.trait(name: "Gzip")])
  ],
  targets: [.target(name: "Gzipping", dependencies: [.product(name: "Varve", package: "varve")])]
)
