// swift-tools-version: 6.1
import PackageDescription

// Plugins as a stranger writes them: a package of its own that links to the toolkit's dynamic library. A stranger's
// package has one of them, and the toolkit's address instead of its path; `fovea plugin new` makes such a package.
let toolkit = Target.Dependency.product(name: "FoveaPluginKit", package: "Fovea")

let plugins = [
  "CubeHelix", "Deslant", "FocalLoss", "GridMask", "LocalResponseNormalization", "MarginRejection",
  "ParametricRelu", "Scrutiny", "Signum", "SpatialPyramidPooling", "WarmRestarts",
]

let package = Package(
  name: "FoveaPlugins",
  products: plugins.map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [.package(name: "Fovea", path: "..")],
  targets: plugins.map { .target(name: $0, dependencies: [toolkit]) } + [
    .testTarget(name: "PluginTests", dependencies: plugins.map { .byName(name: $0) } + [toolkit])
  ]
)
