import FoveaCore

extension ModelDescription {
  /// The same with all names and settings written out, so that a default that changes later changes no saved model.
  func completed(with model: Model, registry: Registry) throws(ModelFileError) -> ModelDescription {
    func mismatch(_ problem: String) -> ModelFileError { .mismatch(model: name, problem: problem) }
    guard model.nodes.count == layers.count, model.inputShape == input else {
      throw mismatch("it has \(model.nodes.count.counted("layer")) and input \(model.inputShape)")
    }
    var result = self
    for (index, node) in model.nodes.enumerated() {
      let kind = type(of: node.layer).kind
      guard kind == layers[index].kind, layers[index].name ?? node.name == node.name else {
        throw mismatch("its layer '\(node.name)' is of kind '\(kind)'")
      }
      result.layers[index].name = node.name
      result.layers[index].configuration = Self.settings(of: node.layer)
    }
    do throws(ModelError) {
      for index in preprocessing.indices {
        result.preprocessing[index].configuration = allSettings(try registry.makePreprocessing(preprocessing[index]))
      }
      for index in postprocessing.indices {
        result.postprocessing[index].configuration = allSettings(try registry.makePostprocessing(postprocessing[index]))
      }
      // A program that only runs models need not know losses.
      if let loss, registry.losses.contains(loss.kind) {
        result.loss?.configuration = allSettings(try registry.makeLoss(loss))
      }
    } catch {
      throw mismatch(error.description)
    }
    return result
  }

  private static func settings(of layer: some Layer) -> [String: ConfigurationValue] {
    allSettings(layer.configuration)
  }
}
