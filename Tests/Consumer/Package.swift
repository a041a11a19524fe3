// swift-tools-version: 6.2
import PackageDescription

// A package that depends on Varve, in the ways that Scripts/consumer-proof asks for through the
// environment: by path or by version, with which traits, alone or with two packages that each
// depend on Varve with traits of their own.
let environment = Context.environment

let traits: Set<Package.Dependency.Trait> =
  if let names = environment["VARVE_TRAITS"] {
    Set(names.split(separator: ",").map { $0 == "defaults" ? .defaults : .trait(name: "\($0)") })
  } else {
    [.defaults]
  }

let varve: Package.Dependency =
  if let url = environment["VARVE_URL"] {
    .package(url: url, exact: "1.0.0", traits: traits)
  } else {
    .package(name: "varve", path: environment["VARVE_PATH"] ?? "../..", traits: traits)
  }

let others = environment["VARVE_WITH_OTHERS"] == nil ? [] : ["Gzipping", "Zstandard"]

let package = Package(
  name: "consumer",
  dependencies: [varve] + others.map { .package(path: $0) },
  targets: [
    .executableTarget(
      name: "consumer",
      dependencies: [.product(name: "Varve", package: "varve")]
        + others.map { .product(name: $0, package: $0) })
  ]
)
