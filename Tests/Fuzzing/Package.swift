// swift-tools-version: 6.1
import PackageDescription

// What reads bytes that somebody else may have made, under libFuzzer. A package of its own, since all of the toolkit is built
// with its instruments for it: `make fuzz`.
let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "Fovea", path: "../..")],
  targets: [
    .executableTarget(name: "fuzz", dependencies: [.product(name: "Fovea", package: "Fovea")])
  ],
  swiftLanguageModes: [.v6]
)
