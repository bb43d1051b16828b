// swift-tools-version: 6.1
import PackageDescription

// Fovea's own entrant in the benchmarks, a package of its own so that users of the library do not build it.
let package = Package(
  name: "FoveaBenchmarks",
  products: [.executable(name: "fovea-bench", targets: ["FoveaBench"])],
  dependencies: [
    .package(name: "Fovea", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "FoveaBench",
      dependencies: [
        .product(name: "Fovea", package: "Fovea"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
