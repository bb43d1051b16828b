// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Tests whose own code computes little are not optimized, which takes the compiler most of its time; what they call is.
let plainTest = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// OpenCV's pkg-config file is right about headers, but links some seventy libraries, which triples the time that a
// program takes to start. So the headers come through links to their usual places, and the libraries are named.
// FOVEA_OPENCV=pkg-config is for an OpenCV that lies elsewhere.
let asksPkgConfigForOpenCV = Context.environment["FOVEA_OPENCV"] == "pkg-config"

// All that `import Fovea` brings.
let toolkit: [Target.Dependency] = [
  "FoveaCore", "FoveaLayers", "FoveaImage", "FoveaModel", "FoveaData", "FoveaTraining", "FoveaPipeline",
  "FoveaExplanation", "FoveaPictures", "FoveaONNX", "FoveaKeras", "FoveaProjection",
]

// What a module may import is said here and nowhere else; `Scripts/check-imports` holds the sources to it.
let package = Package(
  name: "Fovea",
  products: [
    .library(name: "Fovea", targets: ["Fovea"]),
    // What a plugin links to. A plugin must not bring a copy of the toolkit with it: the program's is the one that counts.
    .library(name: "FoveaPluginKit", type: .dynamic, targets: ["FoveaCore", "FoveaTesting"]),
    .executable(name: "fovea", targets: ["FoveaCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenCVSystem", pkgConfig: asksPkgConfigForOpenCV ? "opencv4" : nil,
      providers: [.apt(["libopencv-dev"]), .brew(["opencv"])]),
    .target(
      name: "COpenCV", dependencies: ["COpenCVSystem"],
      cxxSettings: ["usr", "usr-local", "opt-homebrew"].map { .headerSearchPath("../COpenCVSystem/headers/\($0)") },
      linkerSettings: ["core", "imgproc"].map { .linkedLibrary("opencv_\($0)") } + [
        // On Linux, these are loaded when they are first needed.
        .linkedLibrary("opencv_imgcodecs", .when(platforms: [.macOS])),
        .linkedLibrary("opencv_videoio", .when(platforms: [.macOS])),
      ]),
    .target(name: "CPixels"),
    .target(
      name: "CTIFF", dependencies: ["CPixels"], linkerSettings: ["tiff", "deflate", "z"].map { .linkedLibrary($0) }),
    .target(name: "CPNG", dependencies: ["CPixels"], linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
    .target(name: "CJPEG", dependencies: ["CPixels"], linkerSettings: [.linkedLibrary("jpeg")]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "CFoveaPlugin"),
    .target(name: "CKernels", exclude: ["README.md"], cSettings: [.headerSearchPath(".")]),
    .target(name: "FoveaCore", dependencies: ["COneDNN", "CKernels", "CFoveaPlugin"], swiftSettings: strict),
    .target(name: "FoveaLayers", dependencies: ["FoveaCore"], swiftSettings: strict),
    .target(
      name: "FoveaImage", dependencies: ["FoveaCore", "COpenCV", "CPixels", "CJPEG", "CPNG", "CTIFF"],
      swiftSettings: strict),
    .target(
      name: "FoveaModel",
      dependencies: ["FoveaCore", "FoveaLayers", "CZlib", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(name: "FoveaData", dependencies: ["FoveaCore", "FoveaImage", "CZlib"], swiftSettings: strict),
    .target(
      name: "FoveaTraining", dependencies: ["FoveaCore", "FoveaImage", "FoveaModel", "FoveaData"], swiftSettings: strict
    ),
    .target(
      name: "FoveaPipeline", dependencies: ["FoveaCore", "FoveaModel", "FoveaImage", "CSQLite", "CZlib"],
      swiftSettings: strict),
    .target(
      name: "FoveaExplanation", dependencies: ["FoveaCore", "FoveaModel", "FoveaImage", "FoveaPipeline"],
      swiftSettings: strict),
    .target(
      name: "FoveaPictures",
      dependencies: [
        "FoveaCore", "FoveaImage", "FoveaModel", "FoveaData", "FoveaTraining", "FoveaPipeline", "FoveaExplanation",
        "FoveaProjection",
      ],
      swiftSettings: strict),
    .target(name: "FoveaProjection", dependencies: ["FoveaCore"], swiftSettings: strict),
    .target(name: "FoveaONNX", dependencies: ["FoveaCore", "FoveaLayers", "FoveaModel"], swiftSettings: strict),
    .target(
      name: "FoveaKeras", dependencies: ["FoveaCore", "FoveaModel", "CZlib"], swiftSettings: strict),
    .target(name: "FoveaTesting", dependencies: ["FoveaCore"], swiftSettings: strict),
    .target(name: "FoveaPlugin", dependencies: ["FoveaCore", "FoveaTesting", "CFoveaPlugin"], swiftSettings: strict),
    .target(name: "Fovea", dependencies: toolkit, swiftSettings: strict),
    .executableTarget(
      name: "FoveaCLI",
      // It sees the toolkit's modules through the umbrella. Named here too, they make it be compiled anew when one of them
      // changes, which the umbrella, whose own interface stays the same, does not.
      dependencies: toolkit + [
        "Fovea",
        "FoveaPlugin",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-Xlinker", "-export-dynamic", "-Xlinker", "--as-needed"])]),
    // What `make conformance` compares with Pillow.
    .executableTarget(
      name: "DecodePictures", dependencies: ["FoveaCore", "FoveaImage"], path: "Tests/DecodePictures",
      swiftSettings: strict),
    // What `make conformance-onnx` runs ONNX's own tests with.
    .executableTarget(
      name: "RunONNXTests", dependencies: ["FoveaCore", "FoveaLayers", "FoveaONNX"],
      path: "Tests/RunONNXTests", swiftSettings: strict),
    // What `make conformance-keras` computes and damages files of Keras with.
    .executableTarget(
      name: "RunKerasTests", dependencies: ["FoveaCore", "FoveaLayers", "FoveaModel", "FoveaONNX", "FoveaKeras"],
      path: "Tests/RunKerasTests", swiftSettings: strict),
    .testTarget(name: "COneDNNTests", dependencies: ["COneDNN"], swiftSettings: strict),
    .testTarget(
      name: "FoveaImageTests", dependencies: ["FoveaCore", "FoveaImage", "FoveaTesting"], swiftSettings: strict),
    .testTarget(name: "FoveaCoreTests", dependencies: ["FoveaCore", "CKernels"], swiftSettings: strict),
    .testTarget(
      name: "FoveaLayersTests", dependencies: ["FoveaLayers", "FoveaTesting", "FoveaCore"], swiftSettings: plainTest),
    .testTarget(name: "FoveaTestingTests", dependencies: ["FoveaTesting", "FoveaCore"], swiftSettings: plainTest),
    .testTarget(
      name: "FoveaModelTests",
      dependencies: ["FoveaCore", "FoveaLayers", "FoveaImage", "FoveaModel", "FoveaTraining"], swiftSettings: plainTest),
    .testTarget(
      name: "FoveaONNXTests", dependencies: ["FoveaONNX", "FoveaModel", "FoveaLayers", "FoveaImage", "FoveaCore"],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaKerasTests", dependencies: ["FoveaKeras", "FoveaONNX", "FoveaModel", "FoveaLayers", "FoveaCore"],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaPluginTests", dependencies: ["FoveaPlugin", "FoveaTesting", "FoveaCore", "CFoveaPlugin"],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaTrainingTests",
      dependencies: [
        "FoveaTraining", "FoveaTesting", "FoveaModel", "FoveaLayers", "FoveaData", "FoveaImage", "FoveaCore",
      ],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaProjectionTests", dependencies: ["FoveaProjection", "FoveaCore"], swiftSettings: plainTest),
    .testTarget(
      name: "FoveaPipelineTests",
      dependencies: ["FoveaPipeline", "FoveaModel", "FoveaLayers", "FoveaImage", "FoveaCore"], swiftSettings: plainTest),
    .testTarget(
      name: "FoveaExplanationTests",
      dependencies: ["FoveaExplanation", "FoveaPipeline", "FoveaModel", "FoveaLayers", "FoveaImage", "FoveaCore"],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaPicturesTests",
      dependencies: [
        "FoveaPictures", "FoveaModel", "FoveaLayers", "FoveaImage", "FoveaData", "FoveaTraining", "FoveaPipeline",
        "FoveaProjection", "FoveaExplanation", "FoveaCore",
      ],
      swiftSettings: plainTest),
    .testTarget(
      name: "FoveaDataTests", dependencies: ["FoveaData", "FoveaImage", "FoveaCore"], swiftSettings: plainTest),
    .testTarget(name: "FoveaCLITests", dependencies: toolkit + ["FoveaCLI", "Fovea"], swiftSettings: plainTest),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
