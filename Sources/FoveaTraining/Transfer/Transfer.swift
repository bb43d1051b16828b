public import FoveaCore
public import FoveaModel

/// A trained network as the beginning of another: the same layers with the same weights, but for the last one, which tells the new
/// classes apart.
public struct Transfer: Sendable {
  public let description: ModelDescription
  public let model: Model
  /// The name of the layer whose weights are fresh; nil where the classes are the same.
  public let head: String?
  /// The name of a softmax or a sigmoid at the old network's end, which has become the step behind it; nil where there was none.
  public let confidences: String?
  /// What of the old network's decisions is gone, in words: `the temperature 1.42`. It was learned for other weights.
  public let leftBehind: [String]

  /// - Parameters:
  ///   - classes: of the new data.
  ///   - seed: what the head's weights are drawn from.
  /// - Throws: ``TrainingError`` where the network has no dense layer at its end that can be replaced.
  public init(
    _ saved: SavedModel, classes: [String], registry: Registry, seed: UInt64
  ) throws(TrainingError) {
    var saved = saved
    confidences = try saved.leaveConfidencesOut(registry)
    var description = saved.description
    let isSame = description.outputs.count > 1 || classes == description.labels
    var leftBehind: [String] = []
    for index in description.outputs.indices {
      let name = description.outputs.count == 1 ? "" : saved.model.outputs[index].name + "."
      let isLearned = saved.training?.notes?[name + "threshold"]?.contains(", by ") == true
      leftBehind += description.outputs[index].leaveBehind(threshold: isLearned || !isSame, byName: !isSame)
    }
    self.leftBehind = leftBehind
    guard !isSame else {
      // Several outputs go by their own labels.
      (self.description, model, head) = (description, saved.model, nil)
      return
    }
    guard let index = description.head ?? description.layers.lastIndex(where: { $0.configuration["units"] != nil })
    else {
      throw .invalidSetting(
        name: "the network of \(saved.description.name)",
        expected: "one with a dense layer at its end, whose units become the new classes", got: "without one")
    }
    description.setHead(at: index, classes: classes.count)
    description.labels = nil
    self.description = description
    do throws(ModelError) {
      let fresh = try Model(description, registry: registry, seed: seed)
      let head = fresh.nodes[index].name
      let known = Dictionary(saved.model.namedParameters.map { ($0.name, $0.tensor) }) { first, _ in first }
      let tensors = fresh.namedParameters.map { name, _, tensor in
        (name, name.hasPrefix(head + ".") ? tensor : known[name] ?? tensor)
      }
      model = try Model(description, registry: registry, tensors: Dictionary(tensors) { first, _ in first })
      self.head = head
    } catch { throw .model(error) }
  }
}

extension SavedModel {
  /// - Returns: the name of the layer that has gone.
  fileprivate mutating func leaveConfidencesOut(_ registry: Registry) throws(TrainingError) -> String? {
    let without = description.withoutConfidences(model)
    guard without != description else { return nil }
    let last = model.nodes.last?.name
    let tensors = Dictionary(model.namedParameters.map { ($0.name, $0.tensor) }) { first, _ in first }
    do { model = try Model(without, registry: registry, tensors: tensors) } catch { throw .model(error) }
    description = without
    return last
  }
}

extension OutputDescription {
  /// Forgets what was learned for other weights. What a person has set stays, unless it was meant for other classes.
  ///
  /// - Parameters:
  ///   - threshold: whether the threshold between two classes is forgotten, too.
  ///   - byName: whether what single labels have is.
  /// - Returns: what there was, in words.
  fileprivate mutating func leaveBehind(threshold: Bool, byName: Bool) -> [String] {
    var words: [String] = []
    func note(_ key: String, _ step: KindDescription) {
      if let value = step.configuration[key] { words.append("the \(key) \(value)") }
    }
    for step in postprocessing where step.kind == TemperatureScaling.kind { note("temperature", step) }
    postprocessing.removeAll { $0.kind == TemperatureScaling.kind }
    for index in postprocessing.indices {
      let step = postprocessing[index]
      if step.kind == SigmoidConfidence.kind, threshold {
        note("threshold", step)
        postprocessing[index].configuration["threshold"] = nil
      }
      if step.kind == LabelsStep.kind, byName { postprocessing[index].configuration["thresholds"] = nil }
    }
    return words
  }
}
