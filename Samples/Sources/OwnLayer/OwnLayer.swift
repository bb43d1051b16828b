import Foundation
import Fovea

/// A program with a layer of its own: no plugin, no dynamic library, the same protocol and the same registry.
///
///     swift run --package-path Samples OwnLayer
///
/// It learns to tell on which side of a diagonal the light is, saves the model, loads it and asks it again.
@main
struct OwnLayer {
  static func main() {
    do { try run() } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  static func run() throws {
    var registry = Registry.standard
    try registry.register(Gate.self)

    let network = ModelDescription(
      "diagonal", input: [1, 6, 6], loss: KindDescription(SoftmaxCrossEntropy()),
      postprocessing: [KindDescription(SoftmaxConfidence())], labels: ["upper right", "lower left"]
    ) {
      Convolution.layer(filters: 4, kernel: 3)
      Gate.layer("gate")
      Flatten.layer()
      Dense.layer(units: 2)
    }
    var trainer = try Trainer(
      Model(network, registry: registry, seed: 1), loss: SoftmaxCrossEntropy(), optimizer: Adam(), classes: 2,
      threads: 1, seed: 1)
    let (inputs, targets) = examples(200, seed: 1)
    for _ in 0..<200 { _ = try trainer.step(inputs, targets: targets) }

    let path = FileManager.default.temporaryDirectory.appendingPathComponent("own-layer-\(getpid()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFile.save(SavedModel(description: network, model: trainer.model), registry: registry, to: path)
    let loaded = try ModelFile.load(path, registry: registry).model
    let (questions, answers) = examples(100, seed: 2)
    let outputs = try loaded.infer(questions).elements
    let right = answers.indices.count { (outputs[2 * $0 + 1] > outputs[2 * $0]) == (answers[$0] == 1) }
    print("\(right) of \(answers.count) right, the slope is \(loaded.parameters[1][0].elements[0])")
    guard right >= 90 else {
      FileHandle.standardError.write(Data("expected 90 at least\n".utf8))
      exit(1)
    }

    // A program without the layer is told what is missing.
    do {
      _ = try ModelFile.load(path, registry: .standard)
    } catch {
      print(error.description.replacingOccurrences(of: path, with: "own-layer.safetensors"))
    }
  }

  /// Noise that is lighter on one side of the diagonal.
  private static func examples(_ count: Int, seed: UInt64) -> (Tensor, [Int]) {
    var random = SeededRandom(seed: seed)
    let targets = (0..<count).map { $0 % 2 }
    let inputs = Tensor([count, 1, 6, 6]) { values in
      for index in values.indices {
        let (row, column) = (index / 6 % 6, index % 6)
        let isLower = row > column
        let light: Float = isLower == (targets[index / 36] == 1) ? 0.5 : 0
        values[index] = light + random.uniform()
      }
    }
    return (inputs, targets)
  }
}
