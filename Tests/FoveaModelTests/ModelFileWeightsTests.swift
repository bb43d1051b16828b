import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Files that keep weights as 16-bit floats.
@Suite struct ModelFileWeightsTests {
  private static let description = ModelDescription("small", input: [2, 6, 5]) {
    Convolution.layer("c", filters: 3, kernel: 3)
    BatchNormalization.layer("n")
    GlobalAveragePooling.layer()
    Dense.layer("d", units: 4)
  }

  private let registry = GraphTests.registry

  private func saved() throws -> SavedModel {
    SavedModel(description: Self.description, model: try Model(Self.description, registry: registry, seed: 3))
  }

  @Test(arguments: [ElementType.float16, .bfloat16]) func areReadAsTheyWereRounded(element: ElementType) throws {
    let (scratch, original) = (try ScratchFolder(), try saved())
    try ModelFile.save(original, registry: registry, to: scratch.path("m"), weights: element)
    let header = try SafeTensors.header(of: scratch.path("m"))
    let trained = Set(original.model.namedParameters.filter(\.parameter.isTrainable).map(\.name))
    #expect(trained.count == 6 && original.model.namedParameters.count == 8)
    for entry in header.entries {
      #expect(entry.type.element == (trained.contains(entry.name) ? element : .float32), "\(entry.name)")
    }
    let loaded = try ModelFile.load(scratch.path("m"), registry: registry)
    #expect(loaded.weights == element)
    for (old, new) in zip(original.model.namedParameters, loaded.model.namedParameters) {
      #expect(new.tensor.element == .float32)
      let rounded = old.parameter.isTrainable ? old.tensor.converted(to: element).converted(to: .float32) : old.tensor
      #expect(new.tensor == rounded)
    }
    #expect(loaded.model.parameters != original.model.parameters)
    #expect(ModelSummary(loaded.model, weights: loaded.weights).weights == element)
    #expect(ModelSummary(original.model).weights == nil)
    // What was loaded is saved as the same bytes, unless something else is asked for, which then loses nothing.
    try ModelFile.save(loaded, registry: registry, to: scratch.path("n"))
    let bytes = try Data(contentsOf: URL(filePath: scratch.path("m")))
    #expect(try Data(contentsOf: URL(filePath: scratch.path("n"))) == bytes)
    try ModelFile.save(loaded, registry: registry, to: scratch.path("o"), weights: .float32)
    let widened = try ModelFile.load(scratch.path("o"), registry: registry)
    #expect(widened.model.parameters == loaded.model.parameters && widened.weights == .float32)
  }

  @Test func aBitThatFlipsIsFound() throws {
    let (scratch, path) = (try ScratchFolder(), "m.safetensors")
    try ModelFile.save(saved(), registry: registry, to: scratch.path(path), weights: .float16)
    var bytes = try Data(contentsOf: URL(filePath: scratch.path(path)))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(filePath: scratch.path(path)))
    #expect(throws: ModelFileError.damaged(file: scratch.path(path))) {
      try ModelFile.load(scratch.path(path), registry: registry)
    }
  }

  @Test func aWeightThatIsTooLargeIsNotLost() throws {
    let scratch = try ScratchFolder()
    var saved = try saved()
    let place = try #require(saved.model.trainableParameters.first)
    saved.model.mutableAddress(of: place)[1] = -65_520
    #expect(throws: ModelFileError.tooLarge(tensor: "c.kernel", magnitude: 65_520, weights: .float16)) {
      try ModelFile.save(saved, registry: registry, to: scratch.path("m"), weights: .float16)
    }
    #expect(throws: ModelFileError.unsuitableWeights(.int8)) {
      try ModelFile.save(saved, registry: registry, to: scratch.path("m"), weights: .int8)
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("m")))
    try ModelFile.save(saved, registry: registry, to: scratch.path("m"), weights: .bfloat16)
  }

  /// As another program may write them.
  @Test func weightsOfOtherTypesMustLoseNothing() throws {
    func load(_ weight: Tensor) throws -> Model {
      let description = ModelDescription("m", input: [2]) { Dense.layer("d", units: 1) { $0.bias = false } }
      return try Model(description, registry: registry, tensors: ["d.weight": weight])
    }
    #expect(
      try load(Tensor(elements: [Int32(16_777_216), -3], [1, 2])).parameters[0][0].elements == [16_777_216, -3])
    #expect(
      throws: ModelError.parameters(
        model: "m", problems: ["'d.weight' must be float32, but is int32 with numbers that float32 does not hold"])
    ) { try load(Tensor(elements: [Int32(16_777_217), -3], [1, 2])) }
    #expect(throws: ModelError.self) { try load(Tensor(elements: [Half(1), Half(2)], [2, 1])) }
  }

  /// The rule by which older programs refuse what they would call damaged.
  @Test func filesSayThatTheyAreOfTheSecondFormat() throws {
    let scratch = try ScratchFolder()
    try ModelFile.save(saved(), registry: registry, to: scratch.path("m"))
    let document = try #require(SafeTensors.header(of: scratch.path("m")).metadata["fovea"])
    #expect(document.contains("\"format\":2,"))
  }
}
