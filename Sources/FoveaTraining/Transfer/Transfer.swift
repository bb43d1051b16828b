public import FoveaCore
public import FoveaModel

/// A trained network as the beginning of another: the same layers with the same weights, but for the last one, which tells the new
/// classes apart.
public struct Transfer: Sendable {
  public let description: ModelDescription
  public let model: Model
  /// The name of the layer whose weights are fresh; nil where the classes are the same.
  public let head: String?

  /// - Parameters:
  ///   - classes: of the new data.
  ///   - seed: what the head's weights are drawn from.
  /// - Throws: ``TrainingError`` where the network has no dense layer at its end that can be replaced.
  public init(
    _ saved: SavedModel, classes: [String], registry: Registry, seed: UInt64
  ) throws(TrainingError) {
    var description = saved.description
    guard description.outputs.count == 1, classes != description.labels else {
      // Several outputs go by their own labels.
      (self.description, model, head) = (description, saved.model, nil)
      return
    }
    guard let index = description.layers.lastIndex(where: { $0.configuration["units"] != nil }) else {
      throw .invalidSetting(
        name: "the network of \(saved.description.name)",
        expected: "one with a dense layer at its end, whose units become the new classes", got: "without one")
    }
    let isBinary = description.layers[index].configuration["units"] == 1
    // One logit tells two classes apart, and no more.
    if !(isBinary && classes.count == 2) {
      description.layers[index].configuration["units"] = .integer(classes.count)
      if isBinary {
        description.loss = KindDescription(SoftmaxCrossEntropy())
        description.postprocessing.removeAll { $0.kind == SigmoidConfidence.kind }
      }
    }
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
