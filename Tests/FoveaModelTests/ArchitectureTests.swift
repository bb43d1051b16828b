import Foundation
import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

@Suite struct ArchitectureTests {
  private static let registry: Registry = {
    var registry = Registry()
    do {
      try BuiltinLayers.register(in: &registry)
      try BuiltinPostprocessing.register(in: &registry)
      try BuiltinLosses.register(in: &registry)
      try registry.registerImageKinds()
    } catch {
      Issue.record(error)
    }
    return registry
  }()

  private func summary(_ name: String) throws -> ModelSummary {
    let description = try ModelDescription(named: name)
    return ModelSummary(try Model(description, registry: Self.registry, seed: 1))
  }

  @Test(arguments: [
    ("lenet", 44_426), ("mnist-2conv", 3_274_634), ("cats-and-dogs", 3_937_409), ("squeezenet-1.1", 1_235_496),
  ])
  func hasThePublishedNumberOfParameters(name: String, count: Int) throws {
    let summary = try summary(name)
    #expect(summary.parameters == count)
    #expect(summary.trainable == count)
  }

  /// LeNet with an input of 32×32 is the one that is quoted with 61,706 parameters.
  @Test func lenetOn32Pixels() throws {
    var description = try ModelDescription(named: "lenet")
    description.input = [1, 32, 32]
    #expect(ModelSummary(try Model(description, registry: Self.registry, seed: 1)).parameters == 61_706)
  }

  /// LeCun et al. 1998, section II-B, to the unit.
  @Test func lenet5HasThePapersCounts() throws {
    let summary = try summary("lenet5-1998")
    let counts = Dictionary(uniqueKeysWithValues: summary.layers.map { ($0.name, $0) })
    for (name, shape, trainable, connections) in [
      ("c1", [6, 28, 28], 156, 122_304), ("s2", [6, 14, 14], 12, 5_880), ("c3", [16, 10, 10], 1_516, 151_600),
      ("s4", [16, 5, 5], 32, 2_000), ("c5", [120, 1, 1], 48_120, 48_120), ("f6", [84], 10_164, 10_164),
      ("output", [10], 0, 840),
    ] as [(String, Shape, Int, Int)] {
      let layer = try #require(counts[name])
      #expect(layer.outputShape == shape)
      #expect(layer.trainable == trainable)
      #expect(layer.connections == connections)
    }
    #expect(counts["output"]?.parameters == 840)
    #expect(summary.trainable == 60_000)
    #expect(summary.connections == 340_908)
    #expect(summary.parameters == 60_840)
  }

  @Test func lenet5DecidesForTheNearestCode() throws {
    let description = try ModelDescription(named: "lenet5-1998")
    let model = try Model(description, registry: Self.registry, seed: 1)
    let codes = try #require(model.namedParameters.first { $0.name == "output.codes" }).tensor
    #expect(Set(codes.elements) == [-1, 1])
    let output = try model.infer(Tensor(repeating: -0.1, [1, 1, 32, 32])).elements
    let steps = try description.postprocessing.map { try Self.registry.makePostprocessing($0) }
    let prediction = try steps.predict(output, labels: (0..<10).map(String.init))
    #expect(prediction.decision == output.firstIndex(of: output.min() ?? 0))
  }

  @Test(arguments: Architecture.all.map(\.name))
  func theSampleInYAMLIsTheSameModel(name: String) throws {
    let path = packageRoot.appending(path: "Samples/Descriptions/\(name).yaml").path(percentEncoded: false)
    let sample = try ModelDescription(named: path)
    let builtin = try ModelDescription(named: name)
    #expect(sample.layers.count == builtin.layers.count)
    for (sample, builtin) in zip(sample.layers, builtin.layers) { #expect(try Self.withoutDefaults(sample) == builtin) }
    #expect(sample.loss == builtin.loss)
    #expect(sample.preprocessing == builtin.preprocessing)
    // What is written out although it is the default means the same.
    let steps = sample.postprocessing.map { KindDescription(kind: $0.kind) }
    #expect(steps == builtin.postprocessing)
    #expect((sample.name, sample.input.dimensions) == (builtin.name, builtin.input.dimensions))
    #expect(try ModelDescription(yaml: builtin.yaml()) == builtin)
  }

  /// A block's parameters may write out what is the default.
  private static func withoutDefaults(_ layer: LayerDescription) throws -> LayerDescription {
    func written<O: Operator>(_ type: O.Type) throws -> LayerDescription {
      let settings = try ConfigurationDecoder.decode(
        O.Configuration.self, from: layer.configuration, owner: layer.kind)
      return O.layer(layer.name, inputs: layer.inputs, settings)
    }
    return try written(registry.layers.entry(layer.kind).type)
  }

  @Test(arguments: Architecture.all.map(\.name))
  func everyStepAndLossExistsAndGivesTheInput(name: String) throws {
    let description = try ModelDescription(named: name)
    var image = try Image(width: 61, height: 47, channels: 3, pixels: .bytes(Array(repeating: 0, count: 61 * 47 * 3)))
    for step in description.preprocessing { image = try Self.registry.makePreprocessing(step).apply(image) }
    #expect(image.shape == description.input)
    // Of black, in each channel.
    var lowest: [Float] = [name == "lenet5-1998" ? -0.1 : 0]
    if description.input == [3, 224, 224] { lowest = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225] }
    #expect(image.floats.enumerated().allSatisfy { abs($1 - lowest[$0 % lowest.count]) < 1e-6 })
    for step in description.postprocessing { _ = try Self.registry.makePostprocessing(step) }
    let loss = try Self.registry.makeLoss(#require(description.loss))
    let outputs = description.layers.last?.configuration["units"] == 1 ? 1 : 10
    try loss.validate(outputs: [outputs], classes: outputs == 1 ? 2 : 10)
  }

  @Test func theInceptionModuleJoinsFourBranches() throws {
    let path = packageRoot.appending(path: "Samples/Descriptions/inception.yaml").path(percentEncoded: false)
    let model = try Model(ModelDescription(contentsOf: path), registry: Self.registry, seed: 3)
    let summary = ModelSummary(model)
    let module = try #require(summary.layers.first { $0.name == "module" })
    #expect(module.outputShape == [40, 14, 14])
    let node = try #require(model.nodes.first { $0.name == "module" })
    #expect(node.inputs.map(model.name) == ["branch1", "branch3", "branch5", "branchPool"])
    let output = try model.infer(Tensor(repeating: 0.5, [2, 1, 28, 28]))
    #expect(output.shape == [2, 10])
    #expect(Set(output.elements).count == 10)
  }

  @Test func aNameThatIsNotSpelledRightIsExplained() {
    let near = #expect(throws: DescriptionError.self) { try ModelDescription(named: "lanet") }
    #expect(near?.description.contains("did you mean 'lenet'?") == true)
    let far = #expect(throws: DescriptionError.self) { try ModelDescription(named: "transformer") }
    #expect(far?.description.contains("lenet, mnist-2conv, cats-and-dogs, lenet5-1998") == true)
    let file = #expect(throws: DescriptionError.self) { try ModelDescription(named: "no-such.yaml") }
    #expect(file?.description.contains("there is no such file") == true)
  }
}
