// swift-tools-version: 6.2
import PackageDescription

let varve = Target.Dependency.product(name: "Varve", package: "varve")

/// A server with its client in one executable, and what it shows in a README beside it.
func example(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: [varve, "ExampleSockets"], exclude: ["README.md"])
}

// A package of its own, which imports Varve as any server would.
let package = Package(
  name: "varve-examples",
  dependencies: [.package(name: "varve", path: "..")],
  targets: [
    .executableTarget(name: "demo", dependencies: [varve]),
    .executableTarget(name: "kafka-partition", dependencies: [varve]),
    // What has nothing to do with logs.
    .target(name: "ExampleSockets"),
    example("publish-subscribe"),
    example("accounts"),
    example("key-value"),
    .testTarget(
      name: "ExamplesTests",
      // The executables are run as processes.
      dependencies: [varve, "ExampleSockets", "publish-subscribe", "accounts", "key-value"]),
  ],
  swiftLanguageModes: [.v6]
)
