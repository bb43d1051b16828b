import FoveaCore

/// A ``BatchNormalization`` as it is in use, of the same parameters: y = (x − runningMean) / √(runningVariance + epsilon) · scale +
/// shift, through which gradients flow as through any function of the input. Nothing is learned in use, so that its parameters have no gradients.
struct RunningNormalization: UnaryLayer {
  typealias Cache = ScaleShift.Cache

  static let kind = BatchNormalization.kind

  let configuration: BatchNormalization.Configuration
  var outputShape: Shape { line.outputShape }
  var parameters: [Parameter] { training.parameters }
  private let training: BatchNormalization
  private let line: ScaleShift

  init(_ configuration: BatchNormalization.Configuration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    training = try BatchNormalization(configuration, input: input)
    line = try ScaleShift(ScaleShift.Configuration(), input: input)
  }

  func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: ScaleShift.Cache) {
    try line.forward(input, factors(parameters), context)
  }

  func backward(
    _ outputGradient: Tensor, _ cache: ScaleShift.Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var none = Gradients([Shape]())
    let context = BackwardContext(needsInputGradients: context.needsInputGradients, needsParameterGradients: false)
    return try line.backward(outputGradient, cache, factors(parameters), context, into: &none)
  }

  private func factors(_ parameters: [Tensor]) -> [Tensor] {
    let (factors, offsets) = training.line(parameters)
    return [Tensor(factors, [factors.count]), Tensor(offsets, [offsets.count])]
  }
}
