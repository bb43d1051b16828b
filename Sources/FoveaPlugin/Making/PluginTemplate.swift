/// The files of a new plugin. `Documentation/WriteALayer.md` shows and explains them, and is held to them.
enum PluginTemplate {
  static func manifest(_ type: String, dependency: String, package: String) -> String {
    """
    // swift-tools-version: 6.1
    import PackageDescription

    // A plugin is a dynamic library in a package of its own. It links to the toolkit's dynamic library, FoveaPluginKit.
    let toolkit = Target.Dependency.product(name: "FoveaPluginKit", package: "\(package)")

    let package = Package(
      name: "\(type)",
      products: [.library(name: "\(type)", type: .dynamic, targets: ["\(type)"])],
      dependencies: [\(dependency)],
      targets: [
        .target(name: "\(type)", dependencies: [toolkit]),
        .testTarget(name: "\(type)Tests", dependencies: ["\(type)", toolkit]),
      ]
    )

    """
  }

  static func layer(_ type: String, kind: String) -> String {
    """
    import Foundation
    import FoveaCore

    /// y = x / (1 + e^(−slope·x)), element by element. The output has the input's shape.
    public struct \(type)Layer: ElementwiseLayer {
      public static let kind = "\(kind)"
      public static let summary = "x / (1 + exp(−slope·x))"

      /// What a description may set, with the defaults.
      public struct Configuration: Configurable {
        public var slope: Float = 1
        public init() {}
      }

      public let configuration: Configuration
      public let outputShape: Shape

      public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
        guard configuration.slope > 0 else {
          throw .invalidConfiguration(
            kind: Self.kind, key: "slope", expected: "above 0", got: "\\(configuration.slope)")
        }
        self.configuration = configuration
        outputShape = input
      }

      public func value(_ x: Float) -> Float { x / (1 + exp(-configuration.slope * x)) }

      public func derivative(_ x: Float, _ y: Float) -> Float {
        let sigmoid = 1 / (1 + exp(-configuration.slope * x))
        return sigmoid + configuration.slope * y * (1 - sigmoid)
      }
    }

    """
  }

  static func plugin(_ type: String) -> String {
    """
    import FoveaCore

    /// What this library adds to the toolkit.
    public enum \(type)Plugin: Plugin {
      public static let name = "\(type)"
      public static let version = "0.1.0"

      public static func register(in registry: inout Registry, from origin: Origin) throws {
        try registry.register(\(type)Layer.self, from: origin)
      }
    }

    // The two C functions by which a program finds the plugin: one tells how it was built, one hands it over.
    @_cdecl("fovea_plugin_information_\(type)")
    public func information() -> UnsafeRawPointer { \(type)Plugin.information }
    @_cdecl("fovea_plugin_enter_\(type)")
    public func enter(_ slot: UnsafeMutableRawPointer) { \(type)Plugin.enter(slot) }

    """
  }

  static func tests(_ type: String) -> String {
    """
    import FoveaCore
    import FoveaTesting
    import Testing
    import \(type)

    struct \(type)LayerTests {
      /// Shapes, gradients by finite differences, determinism, threads, saving and loading.
      @Test(arguments: [Float(0.5), 1, 3])
      func keepsTheContract(slope: Float) {
        var configuration = \(type)Layer.Configuration()
        configuration.slope = slope
        var wrong = configuration
        wrong.slope = -1
        let report = LayerContract.check(
          \(type)Layer.self, configuration, inputs: [[3, 5, 7]],
          refusals: [
            .init(
              wrong,
              error: .invalidConfiguration(
                kind: \(type)Layer.kind, key: "slope", expected: "above 0", got: "-1.0"))
          ])
        #expect(report.passed, "\\(report)")
      }

      /// A number that is not ours: 1 / (1 + e^−1) = 0.731058578630…
      @Test func knowsAValue() throws {
        let layer = try \(type)Layer(.init(), input: [1])
        #expect(abs(layer.value(1) - 0.731_058_6) < 1e-6)
      }
    }

    """
  }

  static func model(_ kind: String) -> String {
    """
    # A small network for pictures of 28 × 28 gray pixels that uses the plugin's layer.
    name: \(kind)
    input: [1, 28, 28]
    layers:
      - {name: c1, kind: convolution, filters: 6, kernel: 5}
      - {kind: \(kind), slope: 1.5}
      - {name: s2, kind: maximumPooling, window: 2}
      - flatten
      - {name: f3, kind: dense, units: 84}
      - \(kind)
      - {name: output, kind: dense, units: 10}
    loss: softmaxCrossEntropy
    preprocessing:
      - toGrayscale
      - {kind: resize, width: 28, height: 28}
      - scale
    postprocessing:
      - softmax

    """
  }
}
