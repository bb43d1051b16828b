// swift-tools-version: 6.1
import PackageDescription

// Programs that use the toolkit as a stranger would: by its public products alone.
let package = Package(
  name: "FoveaSamples",
  dependencies: [.package(name: "Fovea", path: "..")],
  targets: [
    .executableTarget(name: "CutImages", dependencies: [.product(name: "Fovea", package: "Fovea")])
  ],
  swiftLanguageModes: [.v6]
)
