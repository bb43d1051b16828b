import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// What does not go together says what, before the first step.
@Suite struct UnsuitableDataTests {
  private func message(_ change: (inout SmallTraining) -> Void) -> String {
    var training = SmallTraining()
    change(&training)
    do {
      _ = try training.run()
      return "it can be trained"
    } catch { return "\(error)" }
  }

  @Test(arguments: [1, 3, 20])
  func outputsForOtherClassesNameTheClasses(units: Int) {
    let text = message { $0.layers[3] = Dense.layer("output", units: units) }
    #expect(text.contains("outputs that tell 2 classes apart, but the network puts out [\(units)]"), "\(text)")
    #expect(text.contains("the classes are lying, standing"), "\(text)")
  }

  @Test(arguments: ["sigmoid", "softmax"])
  func anActivationThatTheLossAppliesItselfIsNamed(kind: String) {
    let text = message {
      $0.layers[3] = Dense.layer("output", units: 1)
      $0.layers.append(LayerDescription(name: "last", kind: kind))
      $0.loss = KindDescription(BinaryCrossEntropy())
    }
    #expect(text.contains("'binaryCrossEntropy' takes logits and applies the sigmoid itself"), "\(text)")
    #expect(text.contains("the last layer, 'last', is a \(kind) already"), "\(text)")
    #expect(text.contains("remove the layer"), "\(text)")
  }

  @Test func oneOutputIsForTwoClasses() throws {
    let text = message { $0.loss = KindDescription(BinaryCrossEntropy()) }
    #expect(text.contains("expects one output, which tells two classes apart, but the network puts out [2]"), "\(text)")
    let error = #expect(throws: LossError.self) { try BinaryCrossEntropy().validate(outputs: [1], classes: 3) }
    #expect(error?.description.contains("not 3; take softmaxCrossEntropy and 3 outputs") == true)
  }

  @Test(arguments: [
    ("augmentation: {fill: 300}", "'fill' must be 0 to 255, but is 300.0"),
    ("augmentation: {fill: -5}", "'fill' must be 0 to 255"),
    ("augmentation: {translationX: [-1e30, 1e30]}", "'translationX' must be within -1 and 1"),
    ("optimizer: {kind: sgd, momentum: 1}", "must be 0 or more and below 1, but is 1.0"),
  ])
  func recipesSpeakOfWhatTheyName(yaml: String, words: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try (yaml + "\n").write(to: file, atomically: true, encoding: .utf8)
    var registry = Registry()
    try registry.registerImageKinds()
    try BuiltinOptimizers.register(in: &registry)
    let error = #expect(throws: TrainingError.self) { try Recipe(contentsOf: file.path).completed(in: registry) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
