import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import Testing

@testable import FoveaTraining

/// A trained network as the beginning of another.
@Suite struct TransferTests {
  private static let layers = [
    Convolution.layer("c1", filters: 4, kernel: 3), BatchNormalization.layer("n1"), Relu.layer("r1"),
    Convolution.layer("c2", filters: 4, kernel: 3) { $0.padding = .same }, Add.layer("sum", inputs: ["r1", "c2"]),
    Flatten.layer(), Dropout.layer { $0.rate = 0.2 }, Dense.layer("output", units: 2),
  ]

  private static func training(freeze: String?) -> SmallTraining {
    var training = SmallTraining()
    training.layers = layers
    training.recipe.freeze = freeze
    return training
  }

  private static func tensors(_ model: Model) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: model.namedParameters.map { ($0.name, $0.tensor) })
  }

  @Test(arguments: ["r1", "sum"]) func frozenLayersStayAsTheyAre(_ name: String) throws {
    var run = try Self.training(freeze: name).run()
    let before = Self.tensors(run.model)
    try run.run()
    let after = Self.tensors(run.model)
    #expect(before.keys == after.keys)
    for (name, tensor) in before {
      let layer = name.prefix(2)
      let isFrozen = layer == "c1" || layer == "n1" || layer == "c2" && run.recipe.freeze == "sum"
      #expect((after[name] == tensor) == isFrozen, "\(name)")
    }
    #expect(try #require(run.history.last?.validationLoss) < run.history[0].validationLoss ?? 0)
    // What was trained is the whole network's end, and is judged as such.
    let validation = try #require(run.validation)
    #expect(try run.evaluate(validation).loss == run.history.last?.validationLoss)
  }

  /// Features that are kept are those that are computed each time: a distortion that does nothing keeps none.
  @Test func featuresAreComputedOnceWhereNothingIsRandom() throws {
    var kept = try Self.training(freeze: "r1").run()
    var training = Self.training(freeze: "r1")
    training.recipe.augmentation = AugmentationDescription(RandomAffine())
    var computed = try training.run()
    try kept.run()
    try computed.run()
    #expect(Self.tensors(kept.model) == Self.tensors(computed.model))
  }

  @Test func whatIsNoCutIsNamed() throws {
    func message(_ name: String) -> String {
      do {
        _ = try Self.training(freeze: name).run()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("c2").contains("but is 'c2': 'sum' sees 'r1' too"))
    #expect(message("output").contains("no layer is left to be trained"))
    #expect(message("n9").contains("must be the name of a layer of small, but is 'n9'; did you mean 'n1'?"))
  }

  /// What images have said of old weights is forgotten; what a person has set stays, unless the classes are others.
  @Test func oldDecisionsStayBehind() throws {
    var training = Self.training(freeze: nil)
    training.layers[training.layers.count - 1] = Dense.layer("output", units: 1)
    training.loss = KindDescription(BinaryCrossEntropy())
    let run = try training.run()
    func transfer(_ note: String?, _ classes: [String]) throws -> Transfer {
      var saved = run.saved
      saved.description.postprocessing = [
        KindDescription(TemperatureScaling(1.5)), KindDescription(SigmoidConfidence(threshold: 0.25)),
      ]
      saved.training?.notes = note.map { ["threshold": $0] }
      return try Transfer(saved, classes: classes, registry: run.registry, seed: 1)
    }
    let same = ["lying", "standing"]
    let learned = try transfer("0.25, by the largest balanced accuracy of 125 images", same)
    #expect(learned.leftBehind == ["the temperature 1.5", "the threshold 0.25"])
    #expect(learned.description.postprocessing == [KindDescription(kind: "sigmoid")])
    for note in ["as given", nil] {
      let given = try transfer(note, same)
      #expect(given.leftBehind == ["the temperature 1.5"])
      #expect(given.description.postprocessing == [KindDescription(SigmoidConfidence(threshold: 0.25))])
    }
    #expect(try transfer("as given", ["a", "b"]).description.postprocessing == [KindDescription(kind: "sigmoid")])
    #expect(try transfer(nil, ["a", "b", "c"]).description.postprocessing == [])
  }

  @Test func theHeadIsReplacedForOtherClasses() throws {
    var run = try Self.training(freeze: nil).run()
    try run.run()
    let saved = run.saved
    let same = try Transfer(saved, classes: ["lying", "standing"], registry: run.registry, seed: 1)
    #expect(same.head == nil && Self.tensors(same.model) == Self.tensors(saved.model))
    let other = try Transfer(saved, classes: ["a", "b", "c"], registry: run.registry, seed: 1)
    #expect(other.head == "output" && other.model.outputShape == [3] && other.description.labels == nil)
    let (before, after) = (Self.tensors(saved.model), Self.tensors(other.model))
    for name in before.keys where !name.hasPrefix("output.") { #expect(after[name] == before[name], "\(name)") }
    #expect(after["output.weight"]?.shape == [3, 64])
  }

  /// Other programs' networks end with confidences, and name no loss.
  @Test(arguments: [
    ("softmax", 2, "softmaxCrossEntropy", "softmax"), ("sigmoid", 1, "binaryCrossEntropy", "sigmoid"),
    ("sigmoid", 3, "multiLabelCrossEntropy", "labels"),
  ])
  func confidencesAtTheEndBecomeAStep(kind: String, units: Int, loss: String, step: String) throws {
    let registry = try Self.training(freeze: nil).run().registry
    let layers =
      Self.layers.dropLast() + [Dense.layer("output", units: units), LayerDescription(name: "end", kind: kind)]
    var description = ModelDescription(
      name: "other", input: [1, 8, 8], layers: Array(layers))
    let labels = units == 3 ? ["a", "b", "c"] : ["lying", "standing"]
    description.labels = labels
    let model = try Model(description, registry: registry, seed: 3)
    let saved = SavedModel(description: description, model: model)
    let transfer = try Transfer(saved, classes: labels, registry: registry, seed: 1)
    #expect(transfer.confidences == "end" && transfer.head == nil)
    #expect(transfer.description.loss?.kind == loss && transfer.description.postprocessing.map(\.kind) == [step])
    #expect(transfer.model.nodes.last?.name == "output" && Self.tensors(transfer.model) == Self.tensors(model))
    let other = try Transfer(saved, classes: ["a", "b", "c", "d"], registry: registry, seed: 1)
    #expect(other.head == "output" && other.model.outputShape == [4])
    // With a loss it means what it says.
    description.loss = KindDescription(SoftmaxCrossEntropy())
    let meant = try Transfer(
      SavedModel(description: description, model: model), classes: labels, registry: registry, seed: 1)
    #expect(meant.confidences == nil && meant.model.nodes.last?.name == "end")
  }

  /// One logit tells two classes apart, and three need outputs and a loss of their own.
  @Test func aLogitBecomesOutputs() throws {
    var training = Self.training(freeze: nil)
    training.layers[7] = Dense.layer("output", units: 1)
    training.loss = KindDescription(BinaryCrossEntropy())
    let run = try training.run()
    let two = try Transfer(run.saved, classes: ["x", "y"], registry: run.registry, seed: 1)
    #expect(two.model.outputShape == [1] && two.description.loss?.kind == "binaryCrossEntropy")
    let three = try Transfer(run.saved, classes: ["x", "y", "z"], registry: run.registry, seed: 1)
    #expect(three.model.outputShape == [3] && three.description.loss?.kind == "softmaxCrossEntropy")
    #expect(three.description.postprocessing.isEmpty)
  }

  @Test func aBuiltinNetworkIsFittedToTheClasses() throws {
    func fitted(_ name: String, _ classes: Int) throws -> ModelDescription {
      try #require(Architecture.named(name)).description.fitted(classes: classes)
    }
    #expect(try fitted("lenet", 5).layers.last?.configuration["units"] == 5)
    #expect(try fitted("lenet", 10) == Architecture.named("lenet")?.description)
    #expect(try fitted("cats-and-dogs", 2) == Architecture.named("cats-and-dogs")?.description)
    let three = try fitted("cats-and-dogs", 3)
    #expect(three.loss?.kind == "softmaxCrossEntropy" && three.postprocessing.isEmpty)
    let squeezed = try fitted("squeezenet-1.1", 3)
    #expect(squeezed.layers.first { $0.name == "classifier.1" }?.configuration["filters"] == 3)
    #expect(
      squeezed.layers.last?.kind == "globalAveragePooling" && squeezed.layers.first?.configuration["filters"] == 64)
    // Codes for ten digits are no units.
    #expect(try fitted("lenet5-1998", 3) == Architecture.named("lenet5-1998")?.description)
  }

  /// Each layer with weights by a half of the rate of the one behind it; a rule without memory shows it at the first step.
  @Test func deeperLayersTakeSmallerSteps() throws {
    func firstSteps(_ decay: Double) throws -> [String: [Float]] {
      var training = SmallTraining()
      training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["momentum": 0])
      training.recipe.layerDecay = decay
      var run = try training.run()
      let before = Self.tensors(run.model)
      while run.steps == 0 { _ = try run.next() }
      return Self.tensors(run.model).mapValues(\.elements).merging(before.mapValues(\.elements)) { after, before in
        zip(after, before).map { $0 - $1 }
      }
    }
    let (even, decayed) = (try firstSteps(1), try firstSteps(0.5))
    for (name, steps) in even {
      let factor: Float = name.hasPrefix("hidden") ? 0.5 : 1
      for (ours, theirs) in zip(decayed[name] ?? [], steps) { #expect(abs(ours - factor * theirs) < 1e-6, "\(name)") }
    }
  }
}
