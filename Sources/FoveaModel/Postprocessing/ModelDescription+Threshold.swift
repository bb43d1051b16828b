public import FoveaCore

extension ModelDescription {
  /// The same with another confidence from which on all its steps decide that have such a threshold: `sigmoid`, `labels`,
  /// `boxes`, or a plugin's.
  ///
  /// - Parameter confidence: 0…1
  /// - Returns: the description, and what the thresholds were that it replaces; empty where no step has one.
  /// - Throws: ``ModelError`` where a step cannot be made.
  public func deciding(
    from confidence: Float, registry: Registry
  ) throws(ModelError) -> (description: ModelDescription, replaced: [String]) {
    var changed = self
    var replaced: [String] = []
    for (output, description) in outputs.enumerated() {
      for (index, step) in description.postprocessing.enumerated() {
        guard let step = try registry.makePostprocessing(step) as? any ThresholdStep else { continue }
        replaced.append(step.thresholdText)
        changed.outputs[output].postprocessing[index] = KindDescription(step.deciding(from: confidence))
      }
    }
    return (changed, replaced)
  }
}
