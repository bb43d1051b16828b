import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline

/// A network whose answers are known: is a picture dark, medium or bright?
enum Brightness {
  static let labels = ["dark", "medium", "bright"]

  static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.registerImageKinds()
    return registry
  }

  /// The outputs are 1 − 2·mean, 0.2 and 2·mean − 1, where the mean brightness is 0…1.
  static func model() throws -> Model {
    let description = ModelDescription(
      name: "brightness", input: [1, 4, 3],
      layers: [
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 3]),
      ])
    let rows = [Float](repeating: -2 / 12, count: 12) + [Float](repeating: 0, count: 12)
    let weights = Tensor(rows + [Float](repeating: 2 / 12, count: 12), [3, 12])
    return try Model(
      description, registry: registry(), tensors: ["out.weight": weights, "out.bias": Tensor([1, 0.2, -1], [3])])
  }

  static func pipeline(_ postprocessing: [any PostprocessingStep] = []) throws -> Pipeline {
    try Pipeline(
      model: model(), preprocessing: [ToGrayscale(), Resize(width: 3, height: 4), Scale()],
      postprocessing: postprocessing, labels: labels)
  }
}
