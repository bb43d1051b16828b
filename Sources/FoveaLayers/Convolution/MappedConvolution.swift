import FoveaCore

/// A convolution, and after it a function of each element that no kernel knows, such as a plugin's activation.
///
/// It lets the convolution take the maximum pooling that follows into its kernel: where the function never falls, the
/// largest of its values is its value at the largest, so that it may come last, on fewer numbers.
struct MappedConvolution<Function: ElementwiseLayer>: UnaryLayer, FusableLayer, ReducedPrecisionLayer {
  struct Cache: Sendable {
    let convolution: Convolution.Cache
    let function: Function.Cache
  }

  static var kind: String { Convolution.kind }

  private let convolution: Convolution
  private let function: Function

  var configuration: Convolution.Configuration { convolution.configuration }
  var outputShape: Shape { function.outputShape }
  var parameters: [Parameter] { convolution.parameters }
  var connections: Int { convolution.connections }

  init(_ convolution: Convolution, _ function: Function) {
    self.convolution = convolution
    self.function = function
  }

  /// With the function's own defaults.
  init(_ configuration: Convolution.Configuration, input: Shape) throws(LayerError) {
    convolution = try Convolution(configuration, input: input)
    function = try Function(Function.Configuration.prototype, input: convolution.outputShape)
  }

  func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let first = try convolution.forward(input, parameters, context)
    let second = try function.forward(first.output, [], context)
    return (second.output, Cache(convolution: first.cache, function: second.cache))
  }

  func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try function.infer(convolution.infer(input, parameters), [])
  }

  func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    var none = Gradients([Shape]())
    let gradient: Tensor? = try function.backward(outputGradient, cache.function, [], BackwardContext(), into: &none)
    guard let gradient else {
      throw .brokenContract(kind: Function.kind, expected: "the input's gradient", got: "none")
    }
    return try convolution.backward(gradient, cache.convolution, parameters, context, into: &gradients)
  }

  func inPrecision(_ precision: Precision) throws(LayerError) -> any Layer {
    guard let convolution = try convolution.inPrecision(precision) as? Convolution else { return self }
    return MappedConvolution(convolution, function)
  }

  func fused(with next: any Layer) -> (any Layer)? {
    guard next is MaximumPooling, let pooled = convolution.fused(with: next) as? Convolution,
      let moved = try? Function(function.configuration, input: pooled.outputShape)
    else { return nil }
    return MappedConvolution(pooled, moved)
  }
}
