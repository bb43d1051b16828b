import Foundation
import FoveaCore
import FoveaModel

/// What becomes of an output: the first steps of its postprocessing, as far as they only compute numbers.
struct OutputExport {
  let index: Int
  /// Of an output of the file, without the batch.
  private(set) var shape: Shape
  /// What the numbers are; nil where they are the network's own.
  private(set) var result: String?
  /// The kinds of the steps that are in the metadata alone.
  private(set) var leftOut: [String] = []
  /// From which confidence on something is decided for.
  private(set) var threshold: String?
  private let model: Model
  private var steps: [any PostprocessingStep] = []

  init(_ model: Model, _ index: Int, _ steps: [any PostprocessingStep]) {
    (self.model, self.index) = (model, index)
    shape = model.outputs[index].shape
    var isOpen = true
    for step in steps {
      if let step = step as? any ThresholdStep { threshold = threshold ?? step.thresholdText }
      if let step = step as? RejectBelow { threshold = threshold ?? "\(step.confidence)" }
      isOpen = isOpen && Self.isComputed(step)
      if isOpen { self.steps.append(step) } else { leftOut.append(type(of: step).kind) }
      // What comes behind these sees no numbers any more.
      if step is LabelsStep || step is NumbersStep { isOpen = false }
    }
    if self.steps.isEmpty { return }
    result = self.steps.contains { $0 is NumbersStep } ? "numbers" : "confidences"
    shape = [shape.count * (self.steps.contains { $0 is SigmoidConfidence } ? 2 : 1)]
  }

  private static func isComputed(_ step: any PostprocessingStep) -> Bool {
    step is TemperatureScaling || step is SoftmaxConfidence || step is SigmoidConfidence || step is SmallestWins
      || step is LabelsStep || step is NumbersStep
  }

  func name(isOnly: Bool) -> String {
    let own = model.outputs[index].name
    guard let result else { return own }
    return isOnly && own != result ? result : "\(own).\(result)"
  }

  func addSteps(to value: inout String, _ graph: inout ExportedGraph) {
    guard !steps.isEmpty else { return }
    if model.outputs[index].shape.rank > 1 { value = graph.add("Flatten", [value]) }
    var areConfidences = model.putsOutConfidences(index)
    for step in steps {
      switch step {
      case let step as TemperatureScaling where areConfidences:
        let powers = graph.add("Pow", [value, graph.number(1 / step.temperature)])
        value = graph.add("Div", [powers, graph.add("ReduceSum", [powers, graph.integers([1])])])
      case let step as TemperatureScaling: value = graph.add("Div", [value, graph.number(step.temperature)])
      case is SoftmaxConfidence: value = graph.add("Softmax", [value], ["axis": .integer(1)])
      case is SmallestWins: value = graph.add("Softmax", [graph.add("Neg", [value])], ["axis": .integer(1)])
      case is SigmoidConfidence:
        let first = graph.add("Sigmoid", [graph.add("Neg", [value])])
        value = graph.add("Concat", [first, graph.add("Sigmoid", [value])], ["axis": .integer(1)])
      case is LabelsStep: value = areConfidences ? graph.add("Identity", [value]) : graph.add("Sigmoid", [value])
      case let step as NumbersStep:
        let scaled = graph.add("Mul", [value, graph.constant(Tensor(step.scale, [step.scale.count]))])
        value = graph.add("Add", [scaled, graph.constant(Tensor(step.offset, [step.offset.count]))])
      default: break
      }
      if !(step is TemperatureScaling) { areConfidences = true }
    }
  }

  /// The same of numbers at hand, by the toolkit itself.
  func applied(to numbers: [Float]) -> [Float] {
    var values = numbers
    var areConfidences = model.putsOutConfidences(index)
    for step in steps {
      switch step {
      case let step as TemperatureScaling where areConfidences:
        let powers = values.map { Self.power($0, 1 / step.temperature) }
        let sum = powers.reduce(0, +)
        values = powers.map { $0 / sum }
      case let step as TemperatureScaling: values = values.map { $0 / step.temperature }
      case is SoftmaxConfidence: values = SoftmaxConfidence.probabilities(values)
      case is SmallestWins: values = SoftmaxConfidence.probabilities(values.map { -$0 })
      case is SigmoidConfidence:
        values = [SigmoidConfidence.probability(-values[0]), SigmoidConfidence.probability(values[0])]
      case is LabelsStep: if !areConfidences { values = values.map { SigmoidConfidence.probability($0) } }
      case let step as NumbersStep:
        values = values.enumerated().map { index, value in
          value * step.scale[index % step.scale.count] + step.offset[index % step.offset.count]
        }
      default: break
      }
      if !(step is TemperatureScaling) { areConfidences = true }
    }
    return values
  }

  private static func power(_ base: Float, _ exponent: Float) -> Float { Float(pow(Double(base), Double(exponent))) }
}
