public import FoveaCore
public import FoveaModel

/// One of a network's outputs: what it is trained to be, and what becomes of it.
public struct LearnedOutput: Sendable {
  /// The number in ``Model/outputs``.
  public let index: Int
  /// As in ``Model/outputs``.
  public let name: String
  /// Nil where the model is judged without one.
  public let loss: (any Loss)?
  /// By what the loss is multiplied before those of all outputs are added.
  public let weight: Double
  public let postprocessing: [any PostprocessingStep]
  /// The names of its classes, labels or numbers; nil where only the data knows them.
  public internal(set) var labels: [String]?
  /// What is asked for in an evaluation besides the figures of the task.
  public internal(set) var metrics: [any Metric] = []

  public init(
    _ index: Int = 0, name: String = "output", loss: (any Loss)?, weight: Double = 1,
    postprocessing: [any PostprocessingStep] = [], labels: [String]? = nil
  ) {
    (self.index, self.name, self.loss, self.weight) = (index, name, loss, weight)
    self.postprocessing = postprocessing
    self.labels = labels
  }

  /// The outputs of a model that have a loss, or the first one where none has.
  ///
  /// - Throws: ``ModelError`` where losses or steps cannot be made.
  public static func all(
    of model: Model, _ description: ModelDescription, registry: Registry
  ) throws(ModelError) -> OneOrMore<LearnedOutput> {
    var outputs: [LearnedOutput] = []
    for (index, (port, output)) in zip(model.outputs, description.outputs).enumerated() where output.loss != nil {
      outputs.append(try LearnedOutput(index, port.name, output, registry))
    }
    if let learned = OneOrMore(outputs) { return learned }
    return OneOrMore(try LearnedOutput(0, model.outputs.head.name, description.output, registry))
  }

  /// What the outputs must be for these targets: of numbers in units of their own, those that the network counts in.
  static func wanted(_ targets: Targets, before steps: [any PostprocessingStep]) -> Targets {
    guard case .numbers(let rows) = targets, let step = steps.lazy.compactMap({ $0 as? NumbersStep }).first else {
      return targets
    }
    return .numbers(step.outputs(for: rows))
  }

  private init(
    _ index: Int, _ name: String, _ output: OutputDescription, _ registry: Registry
  ) throws(ModelError) {
    let loss = try output.loss.map { loss throws(ModelError) in try registry.makeLoss(loss) }
    let steps = try output.postprocessing.map { step throws(ModelError) in try registry.makePostprocessing(step) }
    self.init(
      index, name: name, loss: loss, weight: output.weight, postprocessing: steps, labels: output.labels)
  }
}
