public import FoveaCore
public import FoveaImage

extension Recipe {
  /// What changes a training picture, each ``Augmentation`` after the other; nil for none.
  public func makeAugmentation(_ registry: Registry) throws(TrainingError) -> AugmentationPlan? {
    AugmentationPlan(try makeAugmentations(registry))
  }

  func makeAugmentations(_ registry: Registry) throws(TrainingError) -> [any Augmentation] {
    var made: [any Augmentation] = []
    do {
      for kind in augmentation?.kinds ?? [] { made.append(try registry.makeAugmentation(kind)) }
    } catch { throw .kind(error) }
    return made
  }

  /// What changes the examples of a batch together, one after the other.
  public func makeBatchAugmentations(_ registry: Registry) throws(TrainingError) -> [any BatchAugmentation] {
    var made: [any BatchAugmentation] = []
    do {
      for kind in batchAugmentation?.kinds ?? [] { made.append(try registry.makeBatchAugmentation(kind)) }
    } catch { throw .kind(error) }
    return made
  }

  /// The same, for networks that are trained by these losses.
  ///
  /// - Throws: ``TrainingError/invalidSetting(name:expected:got:)`` where a loss cannot learn of mixed examples.
  func makeBatchAugmentations(
    _ registry: Registry, for losses: [any Loss]
  ) throws(TrainingError) -> [any BatchAugmentation] {
    let made = try makeBatchAugmentations(registry)
    for augmentation in made {
      let kind = type(of: augmentation)
      for loss in losses.map({ type(of: $0) }) where !loss.takesShares || !kind.targets.contains(loss.target) {
        let reason =
          loss.takesShares ? "takes \(loss.target)" : "takes one thing for each example and no shares of several"
        throw .invalidSetting(
          name: "the loss", expected: "one for what the batch augmentation '\(kind.kind)' makes of targets",
          got: "'\(loss.kind)', which \(reason); take another loss, or leave '\(kind.kind)' out of the recipe")
      }
    }
    return made
  }
}
