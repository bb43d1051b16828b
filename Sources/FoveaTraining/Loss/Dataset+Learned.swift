public import FoveaCore
public import FoveaData
public import FoveaModel

extension Dataset {
  /// The same examples with what a network takes of them: a picture for each of its inputs, and a target for each output that
  /// is learned, in their order.
  ///
  /// An output takes the target of its own name, or else the only one that its loss can take. Pictures go by the inputs'
  /// names where there are several. Where an output has labels already, the target has them in their order.
  ///
  /// - Returns: the examples, and the outputs with labels.
  /// - Throws: ``TrainingError`` where the data gives nothing that a loss takes, or several such things, or the labels or
  ///   the pictures are others.
  public func learned(
    by outputs: OneOrMore<LearnedOutput>, of model: Model
  ) throws(TrainingError) -> (dataset: Dataset, outputs: OneOrMore<LearnedOutput>) {
    try learned(by: outputs, of: model, areDescribed: false)
  }

  /// - Parameter areDescribed: whether the outputs' labels are what a person wrote into a description.
  func learned(
    by outputs: OneOrMore<LearnedOutput>, of model: Model, areDescribed: Bool
  ) throws(TrainingError) -> (dataset: Dataset, outputs: OneOrMore<LearnedOutput>) {
    var numbers: [Int] = []
    for output in outputs { numbers.append(try target(of: output)) }
    var dataset = try keeping(pictures: pictures(of: model)).keeping(targets: numbers)
    var target = -1
    let labelled = try outputs.mapped { output throws(TrainingError) in
      target += 1
      var output = output
      if let labels = output.labels {
        do throws(DataError) { dataset = try dataset.relabeled(labels, target: target) } catch {
          guard areDescribed, case .unknownClass = error else { throw .data(error.description) }
          throw .labels(expected: labels, got: dataset.targetDescriptions[target].labels)
        }
      }
      output.labels = dataset.targetDescriptions[target].labels
      return output
    }
    return (dataset, labelled)
  }

  private func target(of output: LearnedOutput) throws(TrainingError) -> Int {
    let kind = output.loss.map { type(of: $0).target }
    let suitable = targetDescriptions.indices.filter { kind == nil || targetDescriptions[$0].kind == kind }
    if let named = suitable.first(where: { targetDescriptions[$0].name == output.name }) { return named }
    if suitable.isEmpty, let loss = output.loss {
      throw .unsuitable(loss, for: targetDescriptions.map(\.kind), of: name)
    }
    guard suitable.count == 1 else {
      throw .severalTargets(output: output.name, data: name, targets: suitable.map { targetDescriptions[$0].name })
    }
    return suitable[0]
  }

  private func pictures(of model: Model) throws(TrainingError) -> [Int] {
    if model.inputs.count == 1, pictureNames.count == 1 { return [0] }
    let numbers = model.inputs.compactMap { pictureNames.firstIndex(of: $0.name) }
    guard numbers.count == model.inputs.count else {
      throw .invalidSetting(
        name: "the images of each example of \(name)",
        expected: "\(model.inputs.map(\.name).joined(separator: ", ")), as the network's inputs are called",
        got: pictureNames.joined(separator: ", "))
    }
    return numbers
  }
}
