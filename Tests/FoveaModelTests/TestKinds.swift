import Foundation
import FoveaCore
import FoveaModel

/// y = scale·x + shift[channel]: a layer with a weight that is trained and one that is not.
struct ShiftLayer: PlainLayer {
  struct Configuration: Configurable {
    var scale: Float = 1
    var rounds = 1
    var note: String? = "default"
    static let requiredKeys: Set<String> = ["rounds"]
  }

  static let kind = "shift"
  let configuration: Configuration
  let outputShape: Shape

  init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    outputShape = input
  }

  var parameters: [Parameter] {
    [
      Parameter("shift", [outputShape[0]], .uniform(bound: 1)),
      Parameter("table", [2, outputShape[0]], .constant(3), isTrainable: false),
    ]
  }

  var connections: Int { 2 * outputShape.count }

  func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    let area = outputShape.count / outputShape[0]
    for i in input.indices {
      output[i] = configuration.scale * input[i] + parameters[0][i / area % outputShape[0]]
    }
  }

  func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>,
    _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {}
}

/// Subtracts a constant.
struct DarkenStep: PreprocessingStep, Configurable {
  static let kind = "darken"
  var amount: Float = 10
  init() {}
  init(amount: Float) { self.amount = amount }

  func validate() throws(ImageError) {
    guard amount >= 0 else {
      throw .invalidConfiguration(kind: Self.kind, key: "amount", expected: "0 or more", got: "\(amount)")
    }
  }

  func apply(_ image: Image) throws(ImageError) -> Image { image }
}

extension Registry {
  static func test(layerOrigin: Origin = .builtin, stepOrigin: Origin = .builtin) throws -> Registry {
    var registry = Registry()
    try registry.register(ShiftLayer.self, from: layerOrigin)
    try registry.register(DarkenStep.self, from: stepOrigin)
    try BuiltinPostprocessing.register(in: &registry)
    return registry
  }
}

extension ModelDescription {
  /// Two layers of the kind above.
  static let test = ModelDescription(
    "test", input: [3, 2, 2], preprocessing: [KindDescription(DarkenStep(amount: 3))],
    postprocessing: [KindDescription(SoftmaxConfidence())], labels: ["a", "b", "c"]
  ) {
    ShiftLayer.layer("first") { $0.rounds = 1 }
    ShiftLayer.layer {
      $0.rounds = 2
      $0.scale = 0.5
    }
  }
}

/// The repository's root.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// An empty folder that is removed when its owner ends.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "fovea-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
}
