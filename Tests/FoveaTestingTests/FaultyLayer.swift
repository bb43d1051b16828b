import FoveaCore
import Glibc
import Synchronization

/// y = weight[c]·x² per channel, with one fault that a layer's author might make.
struct FaultyLayer: SecondDerivativeLayer {
  enum Fault: String, Codable, CaseIterable {
    case none
    case wrongInputGradient, wrongWeightGradient, overwrittenGradient, forgottenGradient
    case unusedElement, unusedParameter, sameNames, wrongValueCount
    case wrongOutputShape, wrongGradientShape
    case hiddenState, sharedState, ignoredSeed, changedInput, ignoredLayout
    case otherInference, mixedExamples, falselyMixed, notANumber
    case wrongCurvature, overwrittenCurvature
    case lossyConfiguration, otherConfiguration
    case dependsOnNeed
  }

  struct Configuration: Configurable {
    static let requiredKeys: Set<String> = ["fault"]
    var fault = Fault.none
    var factor: Float = 1

    private enum CodingKeys: CodingKey { case fault, factor }

    init() {}

    init(_ fault: Fault, factor: Float = 1) {
      self.fault = fault
      self.factor = factor
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(fault, forKey: .fault)
      try container.encode(fault == .lossyConfiguration ? 2 : factor, forKey: .factor)
    }
  }

  struct Cache: Sendable {
    let input: Tensor
  }

  /// What a careless author would keep in a class.
  private final class State: Sendable {
    let input = Mutex<Tensor?>(nil)
    let users = Atomic<Int>(0)
    let calls = Atomic<UInt64>(0)
  }

  static let kind = "faulty"

  let configuration: Configuration
  let outputShape: Shape
  let parameters: [Parameter]
  private let fault: Fault
  private let channels: Int
  private let state = State()

  var mixesExamples: Bool { fault == .falselyMixed }

  init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    guard configuration.factor > 0 else {
      throw .invalidConfiguration(kind: Self.kind, key: "factor", expected: "positive", got: "\(configuration.factor)")
    }
    fault = configuration.fault
    self.configuration = fault == .otherConfiguration ? Configuration(.none) : configuration
    channels = input[0]
    outputShape = fault == .wrongOutputShape ? [input.count + 1] : input
    let count = channels + (fault == .unusedElement ? 1 : 0)
    var parameters = [Parameter("weight", [count], .constant(1))]
    switch fault {
    case .unusedParameter: parameters.append(Parameter("offset", [channels], .zeros))
    case .sameNames: parameters.append(Parameter("weight", [channels], .zeros, isTrainable: false))
    case .wrongValueCount: parameters.append(Parameter("codes", [channels], .values([1]), isTrainable: false))
    default: break
    }
    self.parameters = parameters
  }

  private func channel(_ element: Int, _ shape: Shape) -> Int {
    element / (shape.count / shape[0] / channels) % channels
  }

  private func squares(_ input: Tensor, _ weights: Tensor) -> Tensor {
    let source = fault == .ignoredLayout ? input : input.plain()
    let sum = fault == .mixedExamples ? input.elements.reduce(0, +) : 0
    return Tensor(input.shape) { output in
      weights.withUnsafeFloats { weights in
        for i in output.indices {
          let x = source.address[i] + 0.1 * sum
          output[i] = configuration.factor * weights[channel(i, input.shape)] * x * x
          if fault == .notANumber { output[i] *= x / x }
        }
      }
      withExtendedLifetime(source) {}
    }
  }

  func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let users = state.users.add(1, ordering: .sequentiallyConsistent).newValue
    defer { state.users.subtract(1, ordering: .sequentiallyConsistent) }
    var output = squares(input, parameters[0])
    switch fault {
    case .sharedState:
      usleep(300)
      if users > 1 { output.withUnsafeMutableFloats { $0[0] += 1 } }
    case .hiddenState: state.input.withLock { $0 = input }
    case .ignoredSeed:
      let call = state.calls.add(1, ordering: .relaxed).newValue
      output.withUnsafeMutableFloats { $0[0] += Float(call) }
    case .changedInput: input.address[0] *= 0.5
    default: break
    }
    return (output, Cache(input: input))
  }

  func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    var output = squares(input, parameters[0])
    if fault == .otherInference {
      output.withUnsafeMutableFloats { output in
        for i in output.indices { output[i] *= 1.01 }
      }
    }
    return output
  }

  func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let input = fault == .hiddenState ? state.input.withLock { $0 } ?? cache.input : cache.input
    let (x, g, w) = (input.elements, outputGradient.elements, parameters[0].elements)
    var weightFactor = configuration.factor * (fault == .wrongWeightGradient ? 1.02 : 1)
    if fault == .dependsOnNeed && !context.needsInputGradients { weightFactor *= 2 }
    if fault == .overwrittenGradient { gradients.reset() }
    if fault != .forgottenGradient {
      gradients.add(to: 0) { sums in
        for i in x.indices { sums[channel(i, input.shape)] += weightFactor * g[i] * x[i] * x[i] }
      }
    }
    let inputFactor = configuration.factor * (fault == .wrongInputGradient ? 1.98 : 2)
    let result = Tensor(input.shape) { gradient in
      for i in x.indices { gradient[i] = inputFactor * g[i] * w[channel(i, input.shape)] * x[i] }
    }
    return fault == .wrongGradientShape ? result.reshaped([input.shape.count]) : result
  }

  func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let input = cache.input
    let (x, c, w) = (input.elements, outputCurvature.elements, parameters[0].elements)
    let factor = configuration.factor * configuration.factor
    if fault == .overwrittenCurvature { curvatures.reset() }
    curvatures.add(to: 0) { sums in
      for i in x.indices { sums[channel(i, input.shape)] += factor * c[i] * x[i] * x[i] * x[i] * x[i] }
    }
    return Tensor(input.shape) { result in
      for i in x.indices {
        let slope = 2 * w[channel(i, input.shape)] * x[i]
        result[i] = factor * c[i] * (fault == .wrongCurvature ? abs(slope) : slope * slope)
      }
    }
  }
}
