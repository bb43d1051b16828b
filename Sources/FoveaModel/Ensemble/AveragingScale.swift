import Foundation
import FoveaCore

/// What of one output has a mean: how it is made of the numbers that the network puts out, and how it becomes such numbers
/// again, of which the first model's steps then make the mean.
enum AveragingScale: Sendable {
  /// The numbers themselves.
  case outputs
  /// p^(1/T) / Σ p^(1/T), of a network that puts out confidences.
  case confidences(temperature: Double)
  /// Confidences by softmax; of distances the negative.
  case softmax(temperature: Double, sign: Double)
  /// One logit: the confidences of two classes.
  case sigmoid(temperature: Double)
  /// A logit for each label, by itself.
  case labels
  /// In units of their own.
  case numbers(NumbersStep)

  struct Refusal: Error {
    let reason: String
  }

  init(_ steps: [any PostprocessingStep], areConfidences: Bool, _ average: Averaging) throws(Refusal) {
    for step in steps where step is BoxesStep || step is MaskStep {
      throw Refusal(reason: "the step '\(type(of: step).kind)' gives places, which have no mean")
    }
    guard average == .probabilities else {
      self = .outputs
      return
    }
    var temperature = 1.0
    for step in steps {
      switch step {
      case let step as TemperatureScaling:
        temperature *= Double(step.temperature)
        continue
      case is SoftmaxConfidence: self = .softmax(temperature: temperature, sign: 1)
      case is SmallestWins: self = .softmax(temperature: temperature, sign: -1)
      case is SigmoidConfidence: self = .sigmoid(temperature: temperature)
      case is LabelsStep: self = areConfidences ? .outputs : .labels
      case let step as NumbersStep: self = .numbers(step)
      case is RejectBelow: continue
      default:
        throw Refusal(
          reason: "nobody knows whether the step '\(type(of: step).kind)' makes confidences; write 'average: logits'")
      }
      return
    }
    guard areConfidences else {
      throw Refusal(reason: "they are raw outputs and no confidences; write 'average: logits'")
    }
    self = .confidences(temperature: temperature)
  }

  func values(_ outputs: UnsafeBufferPointer<Float>) -> [Double] {
    let outputs = outputs.map(Double.init)
    switch self {
    case .outputs: return outputs
    case .confidences(let temperature):
      guard temperature != 1 else { return outputs }
      return Self.shares(outputs.map { pow($0, 1 / temperature) })
    case .softmax(let temperature, let sign):
      let logits = outputs.map { sign * $0 / temperature }
      let largest = logits.max() ?? 0
      return Self.shares(logits.map { exp($0 - largest) })
    case .sigmoid(let temperature): return outputs.flatMap { Self.pair($0 / temperature) }
    case .labels: return outputs.flatMap(Self.pair)
    case .numbers(let step):
      return outputs.enumerated().map { index, output in
        output * Double(step.scale[index % step.scale.count]) + Double(step.offset[index % step.offset.count])
      }
    }
  }

  func outputs(_ values: [Double]) -> [Float] {
    switch self {
    case .outputs: values.map { Float($0) }
    case .confidences(let temperature): values.map { Float(temperature == 1 ? $0 : pow($0, temperature)) }
    case .softmax(let temperature, let sign): values.map { Float(sign * temperature * Self.logarithm($0)) }
    case .sigmoid(let temperature): Self.logits(values).map { Float(temperature * $0) }
    case .labels: Self.logits(values).map { Float($0) }
    case .numbers(let step):
      values.enumerated().map { index, value in
        Float((value - Double(step.offset[index % step.offset.count])) / Double(step.scale[index % step.scale.count]))
      }
    }
  }

  private static func shares(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return sum > 0 ? values.map { $0 / sum } : values
  }

  /// 1 − p and p, each from an exponential of its own, so that the smaller one keeps its digits.
  private static func pair(_ logit: Double) -> [Double] { [1 / (1 + exp(logit)), 1 / (1 + exp(-logit))] }

  private static func logits(_ pairs: [Double]) -> [Double] {
    stride(from: 0, to: pairs.count, by: 2).map { logarithm(pairs[$0 + 1]) - logarithm(pairs[$0]) }
  }

  /// Finite for 0, too.
  private static func logarithm(_ value: Double) -> Double { log(max(value, Double.leastNormalMagnitude)) }
}
