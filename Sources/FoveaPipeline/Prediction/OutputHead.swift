import FoveaCore
import FoveaModel

/// What a network puts out for one example.
struct OutputValues: Sendable {
  /// Without the batch.
  let shape: Shape
  let numbers: [Float]

  /// Of each output and each of the batch's examples.
  static func rows(of outputs: Tensors) -> [OneOrMore<OutputValues>] {
    let values = outputs.mapped { (shape: $0.shape.withoutBatch, elements: $0.elements) }
    return (0..<outputs.head.shape[0]).map { row in
      values.mapped { output in
        let width = output.shape.count
        return OutputValues(shape: output.shape, numbers: Array(output.elements[row * width..<(row + 1) * width]))
      }
    }
  }
}

/// What becomes of one output of a network: the steps behind it, and the names of what its numbers stand for.
struct OutputHead: Sendable {
  private let index: Int
  private let ports: OneOrMore<Model.Port>
  private let areConfidences: Bool
  let chain: PostprocessingChain
  /// Nil where nobody has given any, and there are no classes to be numbered.
  let labels: [String]?
  /// What the steps make of outputs that mean nothing.
  let blank: any TaskResult

  init(
    _ model: Model, output index: Int, _ steps: [any PostprocessingStep], labels: [String]?
  ) throws(PipelineError) {
    self.index = index
    ports = model.outputs
    areConfidences = model.putsOutConfidences(index)
    // Steps may make two classes of one output, or anything else, so outputs that mean nothing are sent through.
    do throws(PredictionError) {
      chain = try PostprocessingChain(steps)
      blank = try chain.result(of: model.blankOutputs(index, labels: labels))
    } catch { throw .prediction(error) }
    guard let trial = blank as? Prediction else {
      self.labels = labels
      return
    }
    let classes = trial.scores.count
    let names = labels ?? (trial.labels.count == classes ? trial.labels : (0..<classes).map(String.init))
    guard names.count == classes else { throw .labelCount(expected: classes, got: names.count) }
    self.labels = names
  }

  var name: String { ports[index].name }

  /// - Parameter outputs: all of the network's, for one example.
  func prediction(_ outputs: OneOrMore<OutputValues>) throws(PipelineError) -> Prediction {
    do {
      if outputs.count > 1 { return try chain.prediction(of: named(outputs)) }
      return try chain.prediction(outputs.head.numbers, labels: labels ?? [], areConfidences: areConfidences)
    } catch { throw .prediction(error) }
  }

  func result(_ outputs: OneOrMore<OutputValues>) throws(PipelineError) -> any TaskResult {
    do { return try chain.result(of: named(outputs)) } catch { throw .prediction(error) }
  }

  private func named(_ outputs: OneOrMore<OutputValues>) -> NetworkOutputs {
    func output(_ place: Int) -> NetworkOutputs.Output {
      NetworkOutputs.Output(name: ports[place].name, shape: outputs[place].shape, values: outputs[place].numbers)
    }
    return NetworkOutputs(
      output(index), others: outputs.count == 1 ? [] : outputs.indices.filter { $0 != index }.map(output),
      labels: labels, areConfidences: areConfidences)
  }
}
