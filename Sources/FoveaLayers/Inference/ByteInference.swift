import FoveaCore
import Synchronization

/// A layer of weights in a quantized network: ``WeightedInference`` in bytes, with what that has taken in.
struct ByteInference<Base: WeightedLayer>: ByteOperator {
  static var kind: String { Base.kind }

  private let exact: WeightedInference<Base>
  private let form: ByteForm
  private let kernel: ByteConvolution
  private let scales: ByteConvolution.Scales
  /// What the kernel does not do itself.
  private let remaining: ActivationOperator?
  private let prepared: PreparedOnce<ByteWeights>

  var configuration: Base.Configuration { exact.configuration }
  var parameters: [Parameter] { exact.parameters }
  var outputShapes: [Shape] { exact.outputShapes }
  var connections: Int { exact.connections }
  var reusedInput: Int? { nil }

  /// - Parameters:
  ///   - scales: of inputs that come as floats, and of what goes out; nil for floats.
  ///   - largestWeight: of the whole numbers that stand for weights.
  /// - Returns: nil where there is no kernel.
  init?(_ exact: WeightedInference<Base>, _ scales: ByteConvolution.Scales, largestWeight: Int) {
    guard let form = exact.byteForm, let kernel = ByteConvolution(form.operation) else { return nil }
    var scales = scales
    if !form.adds { scales.addend = nil }
    (self.exact, self.form, self.kernel, self.scales) = (exact, form, kernel, scales)
    remaining = form.bounds == nil ? form.activation.map(ActivationOperator.init) : nil
    prepared = PreparedOnce { parameters in
      let weights = exact.preparedWeights(parameters)
      return ByteWeights(QuantizedRows(weights.plain(), largest: largestWeight), weights.bias)
    }
  }

  init(_ configuration: Base.Configuration, inputs: [Shape]) throws(LayerError) {
    let scale = ByteScale(scale: 1, zeroPoint: 0)
    let exact = try WeightedInference<Base>(configuration, inputs: inputs)
    guard let own = Self(exact, .init(input: scale, output: nil), largestWeight: QuantizedRows.usualLargest) else {
      throw .kernel(kind: Self.kind, message: "there is no kernel in bytes for it")
    }
    self = own
  }

  func compute(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> [Tensor] {
    var inputs = inputs
    return [try infer(&inputs, parameters)]
  }

  func fused(with next: any Operator) -> (any Operator)? { nil }

  /// - Parameter inputs: the layer's own, and what is added to its output. Floats become bytes first.
  func infer(_ inputs: inout [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: inputs[0], exact.inputShape)
    let input = inBytes(inputs[0], scales.input)
    var addend: Tensor?
    if form.adds, let scale = scales.addend {
      guard inputs.count > 1, inputs[1].shape == outputShapes[0].batched(batch) else {
        throw check.input("\(outputShapes[0].batched(batch))", inputs.count > 1 ? inputs[1].shape : [0])
      }
      addend = inBytes(inputs[1], scale)
    }
    var coming = scales
    coming.input = input.layout.byteScale ?? scales.input
    coming.addend = addend?.layout.byteScale
    // An activation that is none of the kernel's sees floats.
    if remaining != nil { coming.output = nil }
    let weights = prepared(parameters).arranged(for: coming, by: kernel, bounds: form.bounds)
    let output = kernel.apply(input, weights, adding: addend, asVector: outputShapes[0].rank == 1)
    guard let remaining else { return output }
    let activated = try check.kernels { () throws(KernelError) in
      try remaining.apply(inPlace: output, pass: .inference)
    }
    return scales.output.map { activated.converted(to: .bytes($0)) } ?? activated
  }

  private func inBytes(_ tensor: Tensor, _ scale: ByteScale) -> Tensor {
    tensor.layout.byteScale == nil ? tensor.converted(to: .bytes(scale)) : tensor
  }
}

/// What a kernel of bytes is asked for: a convolution, what comes after it, and between the two the sum with another tensor.
struct ByteForm: Sendable {
  /// For a batch of 1, without an activation.
  let operation: ConvolutionOperation
  let activation: ActivationFunction?
  let adds: Bool

  /// What the output is cut off at, where that is all that the activation does, or there is none.
  var bounds: ClosedRange<Float>? {
    let most = Float.greatestFiniteMagnitude
    return switch activation {
    case nil: -most...most
    case .relu: 0...most
    case .clip(let lower, let upper) where lower <= upper: lower...upper
    default: nil
    }
  }
}

/// Weights in bytes, and what the kernel has made of them for each scale of what comes in, which is one as a rule.
private final class ByteWeights: Sendable {
  private static let mostScales = 4

  private let weights: QuantizedRows
  private let bias: Tensor?
  private let arranged = Mutex<[(scales: ByteConvolution.Scales, weights: ByteConvolution.Weights)]>([])

  init(_ weights: QuantizedRows, _ bias: Tensor?) {
    (self.weights, self.bias) = (weights, bias)
  }

  func arranged(
    for scales: ByteConvolution.Scales, by kernel: ByteConvolution, bounds: ClosedRange<Float>?
  ) -> ByteConvolution.Weights {
    arranged.withLock { arranged in
      if let known = arranged.first(where: { $0.scales == scales }) { return known.weights }
      if arranged.count == Self.mostScales { arranged.removeFirst() }
      let fresh = kernel.prepare(weights, bias, scales, bounds: bounds)
      arranged.append((scales, fresh))
      return fresh
    }
  }
}

extension WeightedInference: QuantizableOperator {
  package var byteRole: ByteRole? {
    guard let form = byteForm, ByteConvolution(form.operation) != nil else { return nil }
    return .multiplies
  }

  package func inBytes(inputs: [ByteScale], output: ByteScale?, largestWeight: Int) -> (any ByteOperator)? {
    guard let first = inputs.first else { return nil }
    return ByteInference(
      self, .init(input: first, addend: inputs.count > 1 ? inputs[1] : nil, output: output),
      largestWeight: largestWeight)
  }
}
