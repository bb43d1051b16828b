import FoveaCore
import FoveaLayers
import Testing

@testable import FoveaModel

/// A network cut at a layer puts out what that layer does in the whole.
@Suite struct EmbeddingModelTests {
  private let registry = GraphTests.registry

  private static let network = ModelDescription(
    "net", inputs: [InputDescription(shape: [2, 8, 6])], outputs: [OutputDescription("scores")]
  ) {
    Convolution.layer("conv", filters: 4, kernel: 3)
    Relu.layer("relu")
    Flatten.layer("flat")
    Dense.layer("code", units: 5)
    Tanh.layer("squashed")
    Dense.layer("scores", units: 3)
  }

  private func saved(_ description: ModelDescription = Self.network) throws -> SavedModel {
    let model = try Model(description, registry: registry, seed: 3)
    return SavedModel(description: description, model: model)
  }

  private func input(_ shape: Shape = [3, 2, 8, 6]) -> Tensor {
    var random = SeededRandom(seed: 5)
    return Tensor((0..<shape.count).map { _ in random.normal() }, shape)
  }

  private func expectSame(_ one: Tensor, _ other: some Collection<Float>) {
    #expect(one.shape.count == other.count)
    for (left, right) in zip(one.elements, other) { #expect(abs(left - right) < 1e-5) }
  }

  @Test func takesWhatGoesIntoTheHead() throws {
    let saved = try saved()
    let embedding = try EmbeddingModel(of: saved, registry: registry)
    #expect(embedding.layer == "squashed" && embedding.dimensions == 5 && !embedding.isAveraged)
    #expect(embedding.model.nodes.map(\.name) == ["conv", "relu", "flat", "code", "squashed"])
    let (whole, input) = (saved.model, input())
    expectSame(try embedding.model.infer(input), try whole.activations(input)[4].elements)
  }

  @Test func mapsBecomeTheirMeansOrStayWhole() throws {
    let (saved, input) = (try saved(), input())
    let maps = try saved.model.activations(input)[1].elements
    let means = try EmbeddingModel(of: saved, layer: "relu", registry: registry)
    #expect(means.isAveraged && means.dimensions == 4 && means.shape == [4, 6, 4])
    expectSame(
      try means.model.infer(input),
      stride(from: 0, to: maps.count, by: 24).map { maps[$0..<$0 + 24].reduce(0, +) / 24 })
    let all = try EmbeddingModel(of: saved, layer: "relu", averages: false, registry: registry)
    #expect(!all.isAveraged && all.dimensions == 96)
    expectSame(try all.model.infer(input), maps)
    let itself = try EmbeddingModel(of: saved, layer: "input", averages: false, registry: registry)
    expectSame(try itself.model.infer(input), input.elements)
  }

  @Test func onlyWhatLeadsToTheLayerIsKept() throws {
    let twin = GraphTests.twin
    let saved = try saved(twin)
    let second = try EmbeddingModel(of: saved, layer: "second", averages: false, registry: registry)
    // The weights are those of a layer that is left out.
    #expect(second.model.nodes.map(\.name).filter { $0 != "values" } == ["b", "second"])
    #expect(second.model.inputs.map(\.name) == ["right"])
    let (left, right) = (input([1, 2, 5, 4]), input([1, 2, 5, 4]))
    let node = try #require(saved.model.nodes.firstIndex { $0.name == "second" })
    let whole = try saved.model.activations(Tensors(left, [right]))[node].head
    expectSame(try second.model.infer(right), whole.elements)
    let part = try EmbeddingModel(of: saved, layer: "part:1", averages: false, registry: registry)
    #expect(part.layer == "part:1" && part.model.inputs.count == 2)
  }

  @Test func anEmbeddingStaysWhatItIs() throws {
    var description = Self.network
    description.postprocessing = [KindDescription(kind: EmbeddingStep.kind)]
    let embedding = try EmbeddingModel(of: saved(description), registry: registry)
    #expect(embedding.layer == "scores")
    #expect(embedding.description.postprocessing == [KindDescription(kind: EmbeddingStep.kind)])
  }

  @Test func refusesWhatItCannotCut() throws {
    let known = ["input", "conv", "relu", "flat", "code", "squashed", "scores"]
    #expect(throws: EmbeddingError.unknownLayer(model: "net", name: "covn", known: known)) {
      try EmbeddingModel(of: saved(), layer: "covn", registry: registry)
    }
    var description = ModelDescription(
      "open", inputs: [InputDescription(shape: [1, 8, 8], open: [.height, .width])], outputs: [OutputDescription()]
    ) {
      Convolution.layer("conv", filters: 2, kernel: 3)
      GlobalAveragePooling.layer("mean")
    }
    description.name = "open"
    #expect(throws: EmbeddingError.openLayer(model: "open", layer: "conv")) {
      try EmbeddingModel(of: saved(description), layer: "conv", averages: false, registry: registry)
    }
    let means = try EmbeddingModel(of: saved(description), layer: "conv", registry: registry)
    #expect(try means.model.infer(input([1, 1, 12, 9])).shape == [1, 2])
  }
}
