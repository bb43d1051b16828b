import Foundation
import FoveaCore
import FoveaKeras
import FoveaModel
import Testing

/// What Keras computes, computed here.
@Suite struct KerasImportTests {
  static let folders = [
    "sequence-keras3-keras", "sequence-keras3-h5", "sequence-keras2-h5", "two_inputs-keras3-keras",
    "two_inputs-keras3-h5", "two_inputs-keras2-h5", "nested-keras3-keras", "nested-keras3-h5", "nested-keras2-h5",
    "convolutions-keras3-keras", "rows-keras3-keras", "shapes-keras3-keras", "merges-keras3-keras",
    "activations-keras3-keras", "normalizations-keras3-keras", "pictures-keras3-keras", "volumes-keras3-keras",
    "attention-keras3-keras",
    "operations-keras3-keras", "keras1-channelsFirst", "keras1-channelsLast", "keras2-theano",
  ]

  private func made(_ folder: String) throws -> KerasImport {
    try KerasImport(KerasFile(path: Fixture.model(folder)), registry: Fixture.registry, name: "model")
  }

  @Test(arguments: folders) func computesTheSame(_ folder: String) throws {
    let made = try made(folder)
    let outputs = try made.compute(Fixture.arrays(folder + "/inputs"))
    let expected = try Fixture.arrays(folder + "/outputs")
    #expect(Set(outputs.keys) == Set(expected.keys))
    for (name, tensor) in expected {
      let got = try #require(outputs[name])
      #expect(got.shape == tensor.shape, "\(name)")
      let scale = tensor.elements.reduce(1e-6) { max($0, $1.magnitude) }
      let largest = zip(got.elements, tensor.elements).reduce(0) { max($0, ($1.0 - $1.1).magnitude / scale) }
      #expect(largest < 1e-5, "\(name)")
    }
  }

  @Test func allFixturesAreTested() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: Fixture.folder.path)
    #expect(Set(found).subtracting(["Refused"]) == Set(Self.folders))
  }

  @Test func layersKeepTheirNames() throws {
    let names = try made("nested-keras3-h5").model.nodes.map(\.name)
    for name in ["stem/conv", "stem/conv/relu", "stem/norm", "back", "inner/conv", "inner/sum", "shared", "shared/2"] {
      #expect(names.contains(name), "\(name)")
    }
    let description = try made("nested-keras3-h5").description
    #expect(description.layers.first { $0.name == "shared/2" }?.weights == "shared")
    #expect(description.layers.first { $0.name == "stem/conv/2" }?.weights == "stem/conv")
  }

  @Test func picturesHaveTheChannelsFirst() throws {
    let made = try made("two_inputs-keras3-keras")
    #expect(made.description.inputs.map(\.name) == ["picture", "numbers"])
    #expect(made.description.inputs.map(\.shape) == [[3, 15, 12], [7]])
    #expect(made.inputs.map(\.shape) == [[15, 12, 3], [7]])
    #expect(made.outputs.map(\.name) == ["label", "place"])
  }

  @Test func augmentationIsLeftOut() throws {
    let made = try made("sequence-keras3-keras")
    #expect(made.leftOut == ["random_flip"])
    #expect(made.scalesPictures)
    #expect(made.remaining.isEmpty)
  }

  /// Model files hold all of it, and scaling is not trained.
  @Test func isSavedAndLoaded() throws {
    let made = try made("sequence-keras3-h5")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("keras-\(UUID().uuidString).safetensors")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let registry = try Fixture.registry
    try ModelFile.save(
      SavedModel(description: made.description, model: made.model), registry: registry, to: path)
    let loaded = try ModelFile.load(path, registry: registry)
    let input = Tensor(repeating: 100, [2, 3, 11, 8])
    #expect(try loaded.model.infer(input) == made.model.infer(input))
    let parameters = made.model.namedParameters.filter { $0.name.hasPrefix("rescaling") }
    #expect(parameters.count == 2)
    #expect(parameters.allSatisfy { !$0.parameter.isTrainable })
  }

  @Test func anInputOfAnotherShapeIsRefused() throws {
    let made = try made("two_inputs-keras3-keras")
    let numbers = Tensor(zeros: [1, 7])
    #expect {
      try made.compute(["picture": Tensor(zeros: [1, 3, 15, 12]), "numbers": numbers])
    } throws: { "\($0)".contains("input 'picture': expected a batch of [15, 12, 3], but got [1, 3, 15, 12]") }
    #expect {
      try made.compute(["picture": Tensor(zeros: [1, 15, 12, 3])])
    } throws: { "\($0)".contains("input 'numbers': expected an array, but got none") }
  }
}
