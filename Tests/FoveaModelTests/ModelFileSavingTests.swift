import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// What cannot be loaded is not saved: each check of the one is a check of the other.
@Suite struct ModelFileSavingTests {
  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(DarkenStep.self, from: .builtin)
    try BuiltinPostprocessing.register(in: &registry)
    return registry
  }

  private static let description = ModelDescription(
    "m", input: [2], preprocessing: [KindDescription(DarkenStep(amount: 3))],
    postprocessing: [KindDescription(SoftmaxConfidence())], labels: ["a", "b", "c"]
  ) {
    Dense.layer("first", units: 4)
    Relu.layer("middle")
    Dense.layer("last", units: 3)
  }

  private static func saved() throws -> SavedModel {
    SavedModel(description: description, model: try Model(description, registry: registry(), seed: 1))
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout ModelDescription) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout ModelDescription) -> Void) {
      testDescription = name
      self.change = change
    }
  }

  static let faults: [Fault] = [
    Fault("no name") { $0.name = "" },
    Fault("an extent of zero") { $0.input = [0] },
    Fault("another input") { $0.input = [3] },
    Fault("no layers") { $0.layers = [] },
    Fault("a layer less") { $0.layers.removeLast() },
    Fault("a layer's name with a space") { $0.layers[0].name = "a b" },
    Fault("a layer's name that is empty") { $0.layers[0].name = "" },
    Fault("a layer named as the input is") { $0.layers[0].name = "input" },
    Fault("a layer's name that is too long") { $0.layers[0].name = String(repeating: "x", count: 65) },
    Fault("a layer's name twice") { $0.layers[2].name = "first" },
    Fault("a layer's input that is none") { $0.layers[1].inputs = ["nowhere"] },
    Fault("a layer without inputs") { $0.layers[1].inputs = [] },
    Fault("an output that nobody uses") { $0.layers[2].inputs = ["first"] },
    Fault("a kind of layer that is none") { $0.layers[1].kind = "rellu" },
    Fault("a preprocessing step that is none") { $0.preprocessing[0].kind = "darker" },
    Fault("a setting that makes no sense") { $0.preprocessing[0].configuration = ["amount": -1] },
    Fault("a setting that is none") { $0.preprocessing[0].configuration = ["amounts": 1] },
    Fault("a postprocessing step that is none") { $0.postprocessing[0].kind = "softmaxx" },
    Fault("a threshold that makes no sense") {
      $0.postprocessing.append(KindDescription(kind: "rejectBelow", configuration: ["confidence": 2]))
    },
    Fault("a step that does not go with the outputs") { $0.postprocessing = [KindDescription(kind: "sigmoid")] },
    Fault("a label too few") { $0.labels = ["a", "b"] },
    Fault("a label too many") { $0.labels = ["a", "b", "c", "d"] },
    Fault("no labels in a list") { $0.labels = [] },
    Fault("a label twice") { $0.labels = ["a", "b", "a"] },
  ]

  /// As a program would write it that checks nothing.
  private static func write(_ description: ModelDescription, _ tensors: [String: Tensor], to path: String) throws {
    let document = ConfigurationValue.object([
      "format": 1, "toolkit": "9.9", "model": description.configurationValue,
    ])
    try SafeTensors(metadata: ["fovea": #require(document.json)], tensors: tensors).write(to: path)
  }

  @Test func aSoundModelIsSavedAndLoaded() throws {
    let (scratch, registry) = (try ScratchFolder(), try Self.registry())
    let saved = try Self.saved()
    try ModelFile.save(saved, registry: registry, to: scratch.path("m"))
    #expect(try ModelFile.load(scratch.path("m"), registry: registry).model.parameters == saved.model.parameters)
    let tensors = Dictionary(uniqueKeysWithValues: saved.model.namedParameters.map { ($0.name, $0.tensor) })
    try Self.write(Self.description, tensors, to: scratch.path("n"))
    #expect(try ModelFile.load(scratch.path("n"), registry: registry).description.labels == ["a", "b", "c"])
  }

  @Test(arguments: faults) func whatIsNotLoadedIsNotSaved(fault: Fault) throws {
    let (scratch, registry) = (try ScratchFolder(), try Self.registry())
    var saved = try Self.saved()
    fault.change(&saved.description)
    let tensors = Dictionary(uniqueKeysWithValues: saved.model.namedParameters.map { ($0.name, $0.tensor) })
    try Self.write(saved.description, tensors, to: scratch.path("m"))
    #expect(throws: ModelFileError.self) { try ModelFile.load(scratch.path("m"), registry: registry) }
    let error = #expect(throws: ModelFileError.self) {
      try ModelFile.save(saved, registry: registry, to: scratch.path("n"))
    }
    #expect(error?.description.contains("save or fetch the file again") == false, "\(String(describing: error))")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("n")))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], ["first.weight", "last.bias"])
  func weightsThatAreNoNumbersAreNotSaved(value: Float, name: String) throws {
    let (scratch, registry) = (try ScratchFolder(), try Self.registry())
    var tensors = Dictionary(uniqueKeysWithValues: try Self.saved().model.namedParameters.map { ($0.name, $0.tensor) })
    tensors[name]?.withUnsafeMutableFloats { $0[2] = value }
    let model = try Model(Self.description, registry: registry, tensors: tensors)
    let saved = SavedModel(description: Self.description, model: model)
    #expect(throws: ModelFileError.notFinite(file: scratch.path("m"), tensor: name, index: 2)) {
      try ModelFile.save(saved, registry: registry, to: scratch.path("m"))
    }
  }

  @Test func aRecordThatCannotBeReadIsNotSaved() throws {
    let (scratch, registry) = (try ScratchFolder(), try Self.registry())
    var (odd, deep) = (TrainingRecord(), TrainingRecord())
    odd.accuracy = .nan
    deep.settings = ["a": (0..<70).reduce(ConfigurationValue.integer(1)) { value, _ in .array([value]) }]
    for record in [odd, deep] {
      var saved = try Self.saved()
      saved.training = record
      #expect(throws: ModelFileError.self) { try ModelFile.save(saved, registry: registry, to: scratch.path("m")) }
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("m")))
  }
}
