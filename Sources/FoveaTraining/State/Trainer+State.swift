import FoveaCore
import FoveaModel

extension Trainer {
  /// What the optimizer remembers, by names: `adam.1/c3.kernel`. Zeros before the first step.
  var memories: [String: Tensor] {
    let all = updater.memories.isEmpty ? updater.emptyMemories(of: model) : updater.memories
    return Dictionary(zip(memoryNames, all).flatMap { zip($0, $1) }, uniquingKeysWith: { first, _ in first })
  }

  /// In the order of the optimizer's memories.
  private var memoryNames: [[String]] {
    model.trainableParameters.map { place in
      let name = model.name(of: place)
      return (0..<updater.optimizer.memories).map {
        "\(type(of: updater.optimizer).kind).\($0 + 1)/\(name.layer).\(name.parameter)"
      }
    }
  }

  /// Goes on from the memories, steps and chance of another trainer of this model.
  ///
  /// - Parameter memories: as ``memories`` names them.
  /// - Throws: ``TrainingError/invalidSetting(name:expected:got:)`` for a memory that is missing, misshapen or belongs to no
  ///   weight, and for chance that is none.
  mutating func restore(_ memories: [String: Tensor], steps: Int, random: String) throws(TrainingError) {
    guard let seeds = SeededRandom(random) else {
      throw .invalidSetting(
        name: "the state of chance", expected: "64 hexadecimal digits, not all 0", got: "'\(random.prefix(80))'")
    }
    var unused = memories
    var restored: [[Tensor]] = []
    for (place, names) in zip(model.trainableParameters, memoryNames) {
      let shape = model.shape(of: place)
      var tensors: [Tensor] = []
      for name in names {
        guard let tensor = unused.removeValue(forKey: name), tensor.shape == shape, tensor.isFinite else {
          throw .invalidSetting(
            name: "the memory '\(name)'", expected: "\(shape) finite numbers",
            got: memories[name].map { "\($0.shape)\($0.isFinite ? "" : ", some of them no finite numbers")" }
              ?? "missing")
        }
        tensors.append(tensor)
      }
      restored.append(tensors)
    }
    if let name = unused.keys.min() {
      throw .invalidSetting(name: "the tensor '\(name)'", expected: "of a weight or the optimizer", got: "neither")
    }
    updater.memories = restored
    updater.steps = steps
    self.seeds = seeds
  }
}
