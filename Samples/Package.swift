// swift-tools-version: 6.1
import PackageDescription

// Programs that use the toolkit as a stranger would: by its public products alone.
let package = Package(
  name: "FoveaSamples",
  dependencies: [
    .package(name: "Fovea", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(name: "CutImages", dependencies: [.product(name: "Fovea", package: "Fovea")]),
    .executableTarget(
      name: "HandMadeFilters",
      dependencies: [
        .product(name: "Fovea", package: "Fovea"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "OwnLayer", dependencies: [.product(name: "Fovea", package: "Fovea")]),
    .executableTarget(name: "TrainAndSave", dependencies: [.product(name: "Fovea", package: "Fovea")]),
    .systemLibrary(name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .executableTarget(
      name: "PrintableCharacters",
      dependencies: [
        "CFreeType", .product(name: "Fovea", package: "Fovea"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
