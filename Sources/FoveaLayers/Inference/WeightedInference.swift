import FoveaCore

/// A layer of weights in a network that is only used: these are prepared once, and what follows the layer is folded into them or
/// taken into its kernel.
///
/// What it takes in is said in one place, ``fused(with:)``.
struct WeightedInference<Base: WeightedLayer>: InferenceOperator {
  static var kind: String { Base.kind }

  /// Those of the layer and of the normalization, one after the other.
  let parameters: [Parameter]
  /// The layer as it was described, which knows what its parameters mean.
  private let described: Base
  /// Whose kernels compute: with a bias where a normalization was folded in, and with what else was taken in.
  private let base: Base
  private let normalization: BatchNormalization?
  private let adds: Bool
  private let weights: WeightsInUse

  var configuration: Base.Configuration { described.configuration }
  var outputShapes: [Shape] { base.outputShapes }
  var connections: Int { described.connections }
  var reusedInput: Int? { adds ? 1 : nil }
  var byteForm: ByteForm? { base.byteForm }
  var inputShape: Shape { base.inputShape }

  init(_ layer: Base) {
    self.init(layer, base: layer, normalization: nil, adds: false)
  }

  init(_ configuration: Base.Configuration, inputs: [Shape]) throws(LayerError) {
    self.init(try Base(configuration, inputs: inputs))
  }

  private init(_ described: Base, base: Base, normalization: BatchNormalization?, adds: Bool) {
    self.described = described
    self.base = base
    self.normalization = normalization
    self.adds = adds
    parameters = described.parameters + (normalization?.parameters ?? [])
    weights = WeightsInUse(areParameters: normalization == nil && described.keepsPlainWeights) {
      Self.prepare($0, of: described, normalization)
    }
  }

  func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    var inputs = inputs
    return [try infer(&inputs, parameters)]
  }

  /// - Parameter inputs: the layer's own, and what is added to its output.
  func infer(_ inputs: inout [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    var addend = adds ? inputs.popLast() : nil
    return try base.infer(inputs[0], LayerWeights(parameters: parameters, inUse: weights), adding: &addend)
  }

  /// Scaled by the normalization that was taken in.
  func preparedWeights(_ parameters: [Tensor]) -> PreparedWeights {
    Self.prepare(parameters, of: described, normalization)
  }

  private static func prepare(
    _ parameters: [Tensor], of layer: Base, _ normalization: BatchNormalization?
  ) -> PreparedWeights {
    let own = layer.parameters.count
    let (weights, bias) = layer.plainWeights(Array(parameters[..<own]))
    guard let line = normalization?.line(Array(parameters[own...])) else { return PreparedWeights(weights, bias) }
    let shifted = Tensor([line.factors.count]) { shifted in
      let bias = bias?.elements
      for i in shifted.indices { shifted[i] = line.factors[i] * (bias?[i] ?? 0) + line.offsets[i] }
    }
    return PreparedWeights(weights, shifted, factors: line.factors)
  }
}

extension WeightedInference {
  /// The rules, each of which says when it applies.
  func fused(with next: any Operator) -> (any Operator)? {
    switch next {
    case is Dropout: self
    case let next as BatchNormalization: folding(next)
    case let next as Add: summing(next)
    case let next as any Layer: followed(by: next)
    default: nil
    }
  }

  /// A normalization right behind the weights is a line through each channel, and a line of sums is the sums of other weights.
  private func folding(_ next: BatchNormalization) -> Self? {
    guard normalization == nil, !adds, !base.isFollowed, let base = base.withBias() else { return nil }
    return Self(described, base: base, normalization: next, adds: false)
  }

  /// The sum with one other tensor, before any activation: where the kernel is oneDNN's, which adds to what it finds.
  private func summing(_ next: Add) -> Self? {
    guard !adds, !base.isFollowed, next.inputCount == 2, let base = base.adding() else { return nil }
    return Self(described, base: base, normalization: normalization, adds: true)
  }

  /// What the layer takes in in training too.
  private func followed(by next: any Layer) -> (any Operator)? {
    guard let fused = base.fused(with: next) else { return nil }
    if let base = fused as? Base { return Self(described, base: base, normalization: normalization, adds: adds) }
    // It is no longer such a layer, and knows its own parameters only.
    return normalization == nil && !adds ? fused : nil
  }
}
