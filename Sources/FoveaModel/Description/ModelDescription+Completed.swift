package import FoveaCore

extension ModelDescription {
  /// The same with all names and settings written out, so that a default that changes later changes no saved model.
  package func completed(with model: Model, registry: Registry) throws(ModelFileError) -> ModelDescription {
    func mismatch(_ problem: String) -> ModelFileError { .mismatch(model: name, problem: problem) }
    guard model.nodes.count == layers.count, model.inputs.map(\.shape) == inputs.map(\.shape),
      model.inputs.map(\.name) == inputs.map(\.name), model.inputs.map(\.open) == inputs.map(\.open)
    else {
      let inputs = model.inputs.map { "\($0.shape)" }.joined(separator: " and ")
      throw mismatch("it has \(model.nodes.count.counted("layer")) and input \(inputs)")
    }
    guard model.outputs.count == outputs.count,
      zip(model.outputs, outputs).allSatisfy({ $1.layer ?? $0.name == $0.name })
    else {
      throw mismatch("it has the outputs \(model.outputs.map(\.name).joined(separator: ", "))")
    }
    var result = self
    for (index, node) in model.nodes.enumerated() {
      guard node.kind == layers[index].kind, layers[index].name ?? node.name == node.name else {
        throw mismatch("its layer '\(node.name)' is of kind '\(node.kind)'")
      }
      result.layers[index].name = node.name
      result.layers[index].configuration = Self.settings(of: node.layer)
    }
    do throws(ModelError) {
      for index in preprocessing.indices {
        result.preprocessing[index].configuration = allSettings(try registry.makePreprocessing(preprocessing[index]))
      }
      for (index, output) in outputs.enumerated() {
        for (number, step) in output.postprocessing.enumerated() {
          result.outputs[index].postprocessing[number].configuration = allSettings(
            try registry.makePostprocessing(step))
        }
        // A program that only runs models need not know losses.
        if let loss = output.loss, registry.losses.contains(loss.kind) {
          result.outputs[index].loss?.configuration = allSettings(try registry.makeLoss(loss))
        }
      }
    } catch {
      throw mismatch(error.description)
    }
    return result
  }

  private static func settings(of layer: some Operator) -> [String: ConfigurationValue] {
    allSettings(layer.configuration)
  }
}
