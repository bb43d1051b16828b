import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// The networks for ImageNet beside torchvision's: the same names, shapes and numbers, and with the same weights the same outputs.
@Suite struct ImageNetTests {
  static let names = ["resnet18", "resnet50", "mobilenet-v2", "squeezenet-1.1", "efficientnet-b0"]

  private func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinPostprocessing.register(in: &registry)
    return registry
  }

  private func description(_ name: String, side: Int) throws -> ModelDescription {
    let path = packageRoot.appending(path: "Samples/Descriptions/\(name).yaml").path(percentEncoded: false)
    var description = try ModelDescription(named: name == "vit-tiny" ? path : name)
    description.input = [3, side, side]
    guard name == "vit-tiny" else { return description }
    // The transformer knows how many patches there are.
    let patches = (side / 16) * (side / 16)
    for index in description.layers.indices {
      switch description.layers[index].name {
      case "encoder.pos_embedding": description.layers[index].configuration["shape"] = [.integer(patches + 1), 192]
      case "parts": description.layers[index].configuration["sizes"] = [1, .integer(patches)]
      default: break
      }
    }
    return description
  }

  /// The numbers of Tests/Fixtures/Generators/architecture_fixtures.py: 0…1, by a name.
  private func numbers(_ name: String, _ shape: Shape, _ value: (Float) -> Float) -> Tensor {
    var seed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Tensor(shape) { elements in
      var counter = seed
      for i in elements.indices {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var state = (counter ^ (counter >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        elements[i] = value(Float((state ^ (state >> 31)) >> 40) * 0x1p-24)
      }
    }
  }

  /// `layer1.0.conv1.kernel` is `layer1.0.conv1.weight` there.
  private func theirs(_ layer: String, _ parameter: String) -> String {
    let layer = layer.replacing("encoder.layers.", with: "encoder.layers.encoder_layer_")
    return switch parameter {
    case "value": layer
    case "kernel", "weight", "scale": "\(layer).weight"
    case "runningMean": "\(layer).running_mean"
    case "runningVariance": "\(layer).running_var"
    case "inputWeight": "\(layer).in_proj_weight"
    case "inputBias": "\(layer).in_proj_bias"
    case "outputWeight": "\(layer).out_proj.weight"
    case "outputBias": "\(layer).out_proj.bias"
    default: "\(layer).bias"
    }
  }

  private func weights(_ parameter: Parameter, of layer: String) -> Tensor {
    numbers(theirs(layer, parameter.name), parameter.shape) { u in
      switch parameter.name {
      case "runningVariance", "scale": return 0.5 + u
      case "kernel", "weight", "outputWeight":
        let reach = Float((6 / Double(parameter.shape.withoutBatch.count)).squareRoot())
        return reach * (2 * u - 1)
      default: return 0.2 * (2 * u - 1)
      }
    }
  }

  @Test(arguments: names + ["vit-tiny"]) func putsOutWhatTorchvisionsDoes(_ name: String) throws {
    let path = packageRoot.appending(path: "Tests/Fixtures/Architectures/\(name).safetensors")
    let fixture = try SafeTensors(contentsOf: path.path(percentEncoded: false))
    let description = try description(name, side: 64)
    let registry = try registry()
    // Weights come from the shapes; the first ones are of no use.
    let shapes = try Model(description, registry: registry, seed: 1)
    #expect(ModelSummary(shapes).trainable == Int(try #require(fixture.metadata["parameters"])))
    var tensors: [String: Tensor] = [:]
    for node in shapes.nodes {
      for parameter in node.parameters { tensors["\(node.name).\(parameter.name)"] = weights(parameter, of: node.name) }
      if let layer = node.layer as? BatchNormalization {
        #expect("\(layer.configuration.epsilon)" == fixture.metadata["epsilon"])
        #expect("\(layer.configuration.momentum)" == fixture.metadata["momentum"])
      }
    }
    let model = try Model(description, registry: registry, tensors: tensors)
    let image = numbers("image", [2, 3, 64, 64]) { 2 * $0 - 1 }
    let expected = try #require(fixture.tensors["output"]).elements
    let output = try model.infer(image).elements
    #expect(output.count == expected.count)
    let largest = expected.map(abs).max() ?? 0
    let worst = zip(output, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= 1e-4 * largest, "\(worst / largest)")
  }

  /// For classes of one's own and small pictures, a step makes the loss of what it was taken on smaller.
  @Test(arguments: names + ["vit-tiny"]) func aStepTeaches(_ name: String) throws {
    let description = try description(name, side: name == "vit-tiny" ? 32 : 33).fitted(classes: 3)
    let registry = try registry()
    var model = try Model(description, registry: registry, seed: 3)
    #expect(model.outputShape == [3])
    let image = numbers("training", description.input.batched(4)) { 2 * $0 - 1 }
    func step() throws -> (loss: Float, gradients: ModelGradients) {
      let pass = try model.forward(image, seed: 5)
      let (loss, gradient) = try SoftmaxCrossEntropy().evaluate(
        pass.output, targets: .classes([0, 1, 2, 0]), scale: 0.25)
      var gradients = model.makeGradients()
      try model.backward(gradient, pass, into: &gradients)
      return (loss, gradients)
    }
    let (before, gradients) = try step()
    let found = model.trainableParameters.map { gradients.tensor(of: $0)?.elements ?? [] }
    let square = found.joined().reduce(Float(0)) { $0 + $1 * $1 }
    #expect(found.allSatisfy { !$0.isEmpty } && square.isFinite && square > 0)
    // So far that the loss falls by a two hundredth, as long as it is straight.
    let rate = 0.005 * before / square
    for (place, gradient) in zip(model.trainableParameters, found) {
      let weights = model.mutableAddress(of: place)
      for i in gradient.indices { weights[i] -= rate * gradient[i] }
    }
    let fall = try before - step().loss
    #expect(fall > 0.002 * before && fall < 0.01 * before, "\(fall / before)")
  }

  @Test func theTransformerHasThePublishedNumberOfWeights() throws {
    #expect(
      ModelSummary(try Model(description("vit-tiny", side: 224), registry: registry(), seed: 1)).trainable == 5_717_416)
  }

  /// Where the published sizes are: at 224 pixels, seven by seven maps are left.
  @Test(arguments: [("resnet18", "layer4.1.relu2", 512), ("mobilenet-v2", "features.18.2", 1280)])
  func theLastMapsAreSevenBySeven(name: String, layer: String, channels: Int) throws {
    let model = try Model(description(name, side: 224), registry: registry(), seed: 1)
    let shape = ModelSummary(model).layers.first { $0.name == layer }?.outputShape
    #expect(shape == [channels, 7, 7])
  }
}
